"""Who gives badges sees a child under a pseudonym, without an address, and cannot look for it."""

import pytest
from django.urls import reverse

from tests.badges.build import badge
from tests.factories import AchievementFactory, UserFactory
from wagtail_col.people import bands
from wagtail_col.people.models import AgeBand

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(settings):
    """A badge of a child, of an adult, and of somebody who has not said their age."""
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "CONSENT_AGE": 16}
    thing = AchievementFactory()
    awards = {}
    for name, under in (("zofka", True), ("ivana", False), ("neza", None)):
        person = UserFactory(username=name, last_name=name.title(), email=f"{name}@mail.example")
        if under is not None:
            bands.say(person, is_under=under)
        awards[name] = badge(person, thing)
    return awards


def pages(client, given) -> str:
    key = given["zofka"].achievement.key
    found = [client.get(reverse("col_awards:who", args=[key])).content.decode()]
    found.append(b"".join(client.get(reverse("col_awards:export", args=[key]))).decode())
    for award in given.values():
        answer = client.get(reverse("col_awards:award", args=[key, award.key]))
        found.append(answer.content.decode())
    return "\n".join(found).lower()


def test_a_pseudonym_and_no_address(admin_client, given):
    text = pages(admin_client, given)
    assert "ivana@mail.example" in text
    assert AgeBand.objects.get(is_under=True).pseudonym.lower() in text
    for hidden in ("zofka", "neza"):
        assert hidden not in text


def test_nobody_finds_a_child_by_its_name(admin_client, given):
    address = reverse("col_awards:who", args=[given["zofka"].achievement.key])
    pseudonym = AgeBand.objects.get(is_under=True).pseudonym
    for query, found in (("zofka", 0), ("neza", 0), ("ivana", 1), (pseudonym, 1)):
        page = admin_client.get(address, {"q": query}).content.decode()
        assert page.count("col-awards__email") == found, query


def test_where_nobody_is_asked_all_are_named(admin_client, given, settings):
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "CONSENT_AGE": None}
    text = pages(admin_client, given)
    for name in given:
        assert f"{name}@mail.example" in text


def test_the_rows_take_one_query_more(admin_client, given, django_assert_max_num_queries):
    address = reverse("col_awards:who", args=[given["zofka"].achievement.key])
    admin_client.get(address)
    for _n in range(8):
        bands.say(badge(achievement=given["zofka"].achievement).learner, is_under=True)
    with django_assert_max_num_queries(60) as caught:
        admin_client.get(address)
    asked = [query for query in caught.captured_queries if "col_people_ageband" in query["sql"]]
    assert len(asked) == 1
