"""Cards with a code each that works once."""

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings

from tests.factories import AchievementFactory, UserFactory
from wagtail_col.badges.models import Award
from wagtail_col.learning import claims, code_sheets, codes, journey
from wagtail_col.learning.models import ClaimCode

pytestmark = pytest.mark.django_db


@pytest.fixture
def badge(db):
    return AchievementFactory()


def refused(learner, text) -> str:
    before = Award.objects.count()
    with pytest.raises(journey.Refused) as caught:
        claims.redeem(learner, text)
    assert Award.objects.count() == before
    return caught.value.code


def test_cards_work_once_each(learner, badge):
    sheet = code_sheets.make_sheet(badge, count=3, by=learner, event="Open day")
    printed = code_sheets.cards(sheet)
    assert [card.number for card in printed] == [1, 2, 3]
    assert claims.redeem(learner, printed[1].text).earned.because["title"] == "Open day"
    assert refused(UserFactory(), printed[1].text) == "used-up"
    assert claims.redeem(UserFactory(), printed[0].text).earned
    assert code_sheets.cards(sheet) == [printed[2]]


def test_unused_cards_are_withdrawn_and_what_was_given_stays(learner, badge):
    sheet = code_sheets.make_sheet(badge, count=3, by=None)
    printed = code_sheets.cards(sheet)
    claims.redeem(learner, printed[0].text)
    assert code_sheets.withdraw_unused(sheet) == 2
    assert code_sheets.withdraw_unused(sheet) == 0
    assert code_sheets.cards(sheet) == []
    assert refused(UserFactory(), printed[1].text) == "expired"
    assert Award.objects.count() == 1


@pytest.mark.parametrize("count", [-1, 0, 501])
def test_not_any_number_of_cards(badge, count):
    with pytest.raises(ValidationError):
        code_sheets.make_sheet(badge, count=count, by=None)
    assert not ClaimCode.objects.exists()


def test_making_500_cards_takes_few_queries(badge, django_assert_max_num_queries):
    for count in (2, code_sheets.MOST_CARDS):
        # SQLite takes them in portions.
        with django_assert_max_num_queries(15):
            sheet = code_sheets.make_sheet(badge, count=count, by=None)
        with django_assert_max_num_queries(1):
            assert len({card.text for card in code_sheets.cards(sheet)}) == count


def test_the_codes_of_cards_are_nowhere_in_the_database(badge):
    sheet = code_sheets.make_sheet(badge, count=2, by=None)
    stored = str(list(ClaimCode.objects.values()))
    for card in code_sheets.cards(sheet):
        assert card.text not in stored
        assert card.text.replace("-", "") not in stored
        assert codes.digest(card.text[:4]) not in stored


def test_cards_of_a_lost_secret_are_not_readable_and_still_work(learner, badge):
    sheet = code_sheets.make_sheet(badge, count=1, by=None)
    text = code_sheets.cards(sheet)[0].text
    assert code_sheets.are_readable(sheet)
    with override_settings(WAGTAIL_COL={"KEYS": ["n" * 40], "BASE_URL": "http://testserver"}):
        assert not code_sheets.are_readable(sheet)
        assert claims.look(learner, text)
