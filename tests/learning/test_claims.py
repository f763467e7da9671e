"""Codes: how they look, how they are typed, and every way they are refused."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import connection
from django.db.models import F
from django.test import override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import UserFactory
from tests.learning.build import line, link, listing, step
from wagtail_col import vault
from wagtail_col.catalogue.publishing import withdraw_listing
from wagtail_col.learning import claims, codes, journey, tries
from wagtail_col.learning.models import ClaimCode, Completion, Enrolment, FailedClaim
from wagtail_col.learning.publishing import withdraw_playlist

pytestmark = pytest.mark.django_db
KEY = "only-for-the-tests-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
WRONG = "0000-0000-0000-0000"


@pytest.fixture
def workshop():
    return listing("Record your first minute")


@pytest.fixture
def playlist(workshop):
    return line(step(workshop), link(), title="Podcast")


@pytest.fixture
def code(workshop):
    return claims.make_code(workshop, by=None)


def refused(learner, text, **values):
    with pytest.raises(journey.Refused) as caught:
        claims.redeem(learner, text, **values)
    assert not Completion.objects.exists()
    return caught.value


# How a code looks and is kept


@given(st.binary(min_size=10, max_size=40))
def test_a_code_holds_80_bits_and_can_be_typed_back(value):
    code = codes.encode(value)
    assert codes.is_code(code)
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", codes.grouped(code))
    number = 0
    for letter in code:
        number = number * 32 + codes.ALPHABET.index(letter)
    assert number.to_bytes(10) == value[:10]


@given(st.text(max_size=300))
def test_anything_may_be_typed(text):
    assert isinstance(codes.is_code(codes.read(text)), bool)


@pytest.mark.parametrize(
    "typed",
    [
        "0123-4567-89AB-CDEF",
        "0123456789abcdef",
        "oI23 4567 89ab cdef",
        " o l 2 3–4567—89ab‑cdef\t",
        "０１２３４５６７８９ＡＢＣＤＥＦ",
    ],
)
def test_typing_is_forgiving(typed):
    assert codes.read(typed) == "0123456789ABCDEF"


def test_the_code_is_nowhere_in_the_database(code):
    text = claims.text_of(code)
    plain = text.replace("-", "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM col_learning_claimcode")
        stored = " ".join(str(value) for row in cursor.fetchall() for value in row)
    assert text not in stored
    assert plain not in stored
    assert codes.digest(plain) in stored


def test_two_codes_differ(workshop):
    made = {claims.text_of(claims.make_code(workshop, by=None)) for _n in range(20)}
    assert len(made) == 20


def test_a_new_secret_in_front_keeps_codes_that_were_made_before(code):
    text = claims.text_of(code)
    with override_settings(WAGTAIL_COL={"KEYS": ["n" * 40, KEY]}):
        assert claims.text_of(code) == text


def test_without_its_secret_a_code_cannot_be_shown_but_still_works(code, playlist, learner):
    text = claims.text_of(code)
    journey.join(learner, playlist)
    with override_settings(WAGTAIL_COL={"KEYS": ["n" * 40]}):
        with pytest.raises(ImproperlyConfigured, match="KEYS"):
            claims.text_of(code)
        assert claims.redeem(learner, text).steps


@pytest.mark.parametrize(
    "values", [{"most_uses": 0}, {"most_uses": -1}, {"valid_until": timezone.now()}]
)
def test_a_code_that_makes_no_sense_is_not_made(workshop, values):
    with pytest.raises(ValidationError):
        claims.make_code(workshop, by=None, **{"valid_from": timezone.now()} | values)
    assert not ClaimCode.objects.exists()


# What a code does


def test_a_code_completes_the_step_on_the_line_the_learner_is_on(learner, playlist, code):
    journey.join(learner, playlist)
    done = claims.redeem(learner, claims.text_of(code).lower().replace("-", " "))
    ((found, outcome),) = done.steps
    assert found.playlist == playlist
    assert outcome.progress.done_count == 1
    completion = Completion.objects.get()
    assert (completion.how, completion.claim_code) == ("code", code)
    code.refresh_from_db()
    assert code.uses == 1


def test_it_completes_the_step_on_every_line_the_learner_is_on_with_one_use(
    learner, playlist, workshop, code
):
    other = line(step(workshop), title="Radio")
    line(step(workshop), title="Not joined")
    for joined in (playlist, other):
        journey.join(learner, joined)
    assert len(claims.redeem(learner, claims.text_of(code)).steps) == 2
    code.refresh_from_db()
    assert code.uses == 1
    assert Enrolment.objects.count() == 2


def test_entering_it_again_uses_nothing_up(learner, playlist, code):
    ClaimCode.objects.update(most_uses=1)
    journey.join(learner, playlist)
    claims.redeem(learner, claims.text_of(code))
    again = claims.redeem(learner, claims.text_of(code))
    assert again.steps == ()
    assert [found.playlist for found in again.done] == [playlist]
    code.refresh_from_db()
    assert code.uses == 1


def test_a_second_line_may_be_joined_with_a_code_one_has_used(learner, playlist, workshop, code):
    ClaimCode.objects.update(most_uses=1)
    journey.join(learner, playlist)
    claims.redeem(learner, claims.text_of(code))
    other = line(step(workshop), title="Radio")
    with pytest.raises(claims.ChooseLine):
        claims.redeem(learner, claims.text_of(code))
    assert claims.redeem(learner, claims.text_of(code), other).steps[0][0].playlist == other
    code.refresh_from_db()
    assert code.uses == 1


def test_who_is_on_no_line_is_offered_the_lines(learner, playlist, workshop, code):
    other = line(step(workshop), title="Radio")
    with pytest.raises(claims.ChooseLine) as caught:
        claims.redeem(learner, claims.text_of(code))
    assert {found.playlist for found in caught.value.found.offered} == {playlist, other}
    assert not Enrolment.objects.exists()
    done = claims.redeem(learner, claims.text_of(code), other)
    assert [found.playlist for found, _outcome in done.steps] == [other]
    assert Enrolment.objects.get().playlist == other


def test_looking_changes_nothing(learner, playlist, code):
    found = claims.look(learner, claims.text_of(code))
    assert [each.playlist for each in found.offered] == [playlist]
    assert not Enrolment.objects.exists()
    assert not Completion.objects.exists()


# Every refusal


@pytest.mark.parametrize("text", [WRONG, "", "123", "not a code at all", "Ü" * 16, "1" * 10_000])
def test_a_wrong_code(learner, playlist, text):
    journey.join(learner, playlist)
    assert refused(learner, text).code == "wrong-code"


def test_not_yet_valid(learner, playlist, code):
    ClaimCode.objects.update(valid_from=timezone.now() + timedelta(hours=1))
    journey.join(learner, playlist)
    assert refused(learner, claims.text_of(code)).code == "not-yet"


def test_expired(learner, playlist, code):
    ClaimCode.objects.update(valid_until=timezone.now() - timedelta(minutes=1))
    journey.join(learner, playlist)
    assert refused(learner, claims.text_of(code)).code == "expired"


def test_used_up(learner, playlist, code):
    ClaimCode.objects.update(most_uses=1)
    other = UserFactory()
    for person in (learner, other):
        journey.join(person, playlist)
    claims.redeem(other, claims.text_of(code))
    with pytest.raises(journey.Refused) as caught:
        claims.redeem(learner, claims.text_of(code))
    assert caught.value.code == "used-up"
    assert Completion.objects.get().learner == other


def test_who_comes_too_late_does_not_join(learner, playlist, code):
    ClaimCode.objects.update(most_uses=1, uses=1)
    assert refused(learner, claims.text_of(code), playlist=playlist).code == "used-up"
    assert not Enrolment.objects.exists()


def test_the_last_use_lost_in_a_race_takes_the_joining_back(learner, playlist, code, monkeypatch):
    """The use goes between the check and the counting: the database has the last word."""
    ClaimCode.objects.update(most_uses=1)
    join = journey.join

    def join_late(*args):
        ClaimCode.objects.update(uses=1)
        return join(*args)

    monkeypatch.setattr(journey, "join", join_late)
    assert refused(learner, claims.text_of(code), playlist=playlist).code == "used-up"
    assert not Enrolment.objects.exists()


def test_the_listing_is_withdrawn(learner, playlist, workshop, code):
    journey.join(learner, playlist)
    withdraw_listing(workshop.key)
    assert refused(learner, claims.text_of(code)).code == "listing-withdrawn"


def test_on_no_line(learner, code):
    assert refused(learner, claims.text_of(code)).code == "no-line"


def test_only_on_a_withdrawn_line(learner, playlist, code):
    journey.join(learner, playlist)
    withdraw_playlist(playlist.key)
    assert refused(learner, claims.text_of(code)).code == "no-line"


def test_a_line_it_does_not_count_for(learner, playlist, code):
    other = line(link())
    assert refused(learner, claims.text_of(code), playlist=other).code == "not-on-line"
    assert not Enrolment.objects.exists()


def test_each_refusal_has_words_of_its_own(learner, playlist, workshop, code):
    text = claims.text_of(code)
    journey.join(learner, playlist)
    hour = timedelta(hours=1)
    said = {refused(learner, WRONG).message, refused(learner, "abc").message}
    for values in (
        {"valid_from": timezone.now() + hour},
        {"valid_from": None, "valid_until": timezone.now() - hour},
        {"valid_until": None, "most_uses": 1, "uses": 1},
    ):
        ClaimCode.objects.update(**values)
        said.add(refused(learner, text).message)
    withdraw_listing(workshop.key)
    said.add(refused(learner, text).message)
    assert len(said) == 6


# Guessing


def wait(seconds):
    """As if the tries so far had been that much earlier."""
    FailedClaim.objects.update(at=F("at") - timedelta(seconds=seconds))


def test_guessing_is_slowed_down_and_a_right_code_waits_too(learner, playlist, code):
    journey.join(learner, playlist)
    for _n in range(10):
        assert refused(learner, WRONG).code == "wrong-code"
    assert tries.left(learner) == 0
    for text in [WRONG] * 10 + [claims.text_of(code)]:
        with pytest.raises(tries.TooMany) as caught:
            claims.redeem(learner, text)
        assert 1 <= caught.value.retry_after <= 60
    assert not Completion.objects.exists()
    assert FailedClaim.objects.count() == 10
    wait(caught.value.retry_after)
    assert claims.redeem(learner, claims.text_of(code)).steps


def test_looking_counts_as_well(learner):
    for _n in range(10):
        with pytest.raises(journey.Refused):
            claims.look(learner, WRONG)
    with pytest.raises(tries.TooMany):
        claims.look(learner, WRONG)


def test_right_codes_are_not_counted(learner, playlist, code):
    journey.join(learner, playlist)
    for _n in range(25):
        claims.redeem(learner, claims.text_of(code))
    assert not FailedClaim.objects.exists()


def test_others_are_not_slowed_down(learner, playlist, code):
    other = UserFactory()
    journey.join(other, playlist)
    for _n in range(10):
        refused(learner, WRONG, address="192.0.2.1")
    assert claims.redeem(other, claims.text_of(code), address="192.0.2.1").steps


@override_settings(WAGTAIL_COL={"KEYS": [KEY], "CLAIM_TRIES_PER_MINUTE_AND_ADDRESS": 4})
def test_many_accounts_from_one_address_are_slowed_down_together():
    for _n in range(4):
        refused(UserFactory(), WRONG, address="192.0.2.1")
    with pytest.raises(tries.TooMany):
        claims.redeem(UserFactory(), WRONG, address="192.0.2.1")
    assert refused(UserFactory(), WRONG, address="192.0.2.2").code == "wrong-code"


def test_addresses_are_not_kept(learner):
    refused(learner, WRONG, address="192.0.2.1")
    assert FailedClaim.objects.get().address == vault.derive("address", "192.0.2.1").hex()


def test_old_tries_are_removed(learner):
    refused(learner, WRONG)
    wait(120)
    refused(UserFactory(), WRONG)
    assert FailedClaim.objects.count() == 1


def test_a_key_is_not_a_code(learner, code):
    assert refused(learner, str(uuid.UUID(str(code.key)))).code == "wrong-code"
