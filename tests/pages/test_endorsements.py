"""Asking for endorsements of badges and issuers in the admin, and hiding them."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from tests import factories
from tests.badges.endorse import ANSWER, again, asked, given
from tests.pages import editing
from wagtail_col.badges import endorsing, keys
from wagtail_col.badges.endorsing import State, state_of
from wagtail_col.badges.models import Endorsement, Issuer

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return editing.superuser()


@pytest.fixture
def boss(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture
def achievement():
    return factories.AchievementFactory()


def team_of(slug):
    group = Group.objects.create(name=slug)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    issuer = Issuer.objects.create(slug=slug, name=slug.title(), team=group)
    member = factories.UserFactory(username=f"{slug}-member")
    member.groups.add(group)
    return issuer, member


def url(thing):
    if isinstance(thing, Issuer):
        return reverse("col_admin_issuer_endorsements", args=[thing.pk])
    return reverse("col_admin_badge_endorsements", args=[thing.key])


def test_asks_about_a_badge_and_about_an_issuer(boss, achievement):
    for thing in (achievement, keys.site_issuer()):
        response = boss.post(url(thing), {"email": "eva@navesur.example", "message": "Hello"})
        assert response.status_code == 302
        assert thing.endorsements.get().message == "Hello"
        text = boss.get(url(thing)).text
        assert "eva@navesur.example" in text
        assert "Asked, no answer yet" in text


@pytest.mark.parametrize(
    "data",
    [{"email": "nobody"}, {"email": "a@b.example", "message": "Go to evil.example"}],
    ids=["no address", "address in the message"],
)
def test_says_what_to_change(boss, achievement, data):
    response = boss.post(url(achievement), data)
    assert response.status_code == 200
    assert "Nothing was sent" in response.text
    assert not Endorsement.objects.exists()


def test_shows_the_answer_as_text_hides_it_and_shows_it_again(boss, editor, achievement):
    one = given(achievement, editor, comment="<img src=x onerror=alert(1)>")
    text = boss.get(url(achievement)).text
    assert ANSWER["organisation"] in text
    assert "<img src=x" not in text
    boss.post(url(achievement), {"hide": str(one.key)})
    assert state_of(again(one)) == State.HIDDEN
    assert endorsing.shown_for(achievement) == []
    boss.post(url(achievement), {"show": str(one.key)})
    assert len(endorsing.shown_for(achievement)) == 1


def test_calls_off_what_has_no_answer(boss, editor, achievement):
    one = asked(achievement, editor)
    boss.post(url(achievement), {"hide": str(one.key)})
    assert state_of(again(one)) == State.CANCELLED


def test_hides_only_what_the_page_is_about(boss, editor, achievement):
    other = given(factories.AchievementFactory(), editor)
    for key in (str(other.key), "x", ""):
        assert boss.post(url(achievement), {"hide": key}).status_code == 302
    assert state_of(again(other)) == State.GIVEN


def test_reading_changes_nothing(boss, editor, achievement):
    one = given(achievement, editor)
    boss.get(url(achievement) + f"?hide={one.key}")
    assert state_of(again(one)) == State.GIVEN


def test_a_draft_is_published_first(boss, achievement):
    achievement.live = False
    achievement.save()
    assert 'name="email"' not in boss.get(url(achievement)).text
    assert boss.post(url(achievement), {"email": "a@b.example"}).status_code == 200
    assert not Endorsement.objects.exists()


def test_a_team_for_its_own_and_no_other(client, editor):
    library, librarian = team_of("library")
    museum, _curator = team_of("museum")
    own, other = (factories.AchievementFactory(issuer=issuer) for issuer in (library, museum))
    client.force_login(librarian)
    for thing in (library, own):
        assert client.get(url(thing)).status_code == 200
        assert client.post(url(thing), {"email": "eva@a.example"}).status_code == 302
    before = Endorsement.objects.count()
    hidden = given(other, editor)
    for thing in (museum, other, keys.site_issuer(), factories.AchievementFactory()):
        assert client.get(url(thing)).status_code in (302, 403)
        assert client.post(url(thing), {"email": "b@a.example"}).status_code in (302, 403)
        assert client.post(url(thing), {"hide": str(hidden.key)}).status_code in (302, 403)
    assert Endorsement.objects.count() == before + 1
    assert state_of(again(hidden)) == State.GIVEN


def test_not_for_somebody_without_the_admin(client, achievement):
    client.force_login(factories.UserFactory())
    assert client.get(url(achievement)).status_code in (302, 403)


def test_an_endorser_is_no_issuer(boss, editor, achievement):
    endorser = given(achievement, editor).endorser
    assert boss.get(url(endorser), follow=True).status_code == 404


def test_is_reached_from_the_lists(boss, achievement):
    from wagtail_col.badges.models import Achievement

    site = keys.site_issuer()
    assert url(site) in boss.get(reverse("col_issuers:index")).text
    listing = reverse(Achievement.snippet_viewset.get_url_name("list"))
    assert url(achievement) in boss.get(listing).text


def test_more_of_them_take_no_more_queries(boss, editor, achievement, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    given(achievement, editor)
    boss.get(url(achievement))
    with CaptureQueriesContext(connection) as few:
        boss.get(url(achievement))
    for number in range(4):
        given(achievement, editor, email=f"{number}@a.example")
    with django_assert_num_queries(len(few)):
        boss.get(url(achievement))
