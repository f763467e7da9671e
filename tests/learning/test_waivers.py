"""A step whose dates are past: what is as good, and asking the organiser to let it go."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.catalogue.making import interest
from tests.factories import AchievementFactory, UserFactory
from tests.learning.build import course, line, link, listing, online, step, steps_of
from tests.lti.build import make_course, make_tool
from wagtail_col.geo import Point
from wagtail_col.learning import journey, waiver_mail, waivers
from wagtail_col.learning.alternatives import MOST, equal_to
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import Completion, Evidence, Waiver
from wagtail_col.learning.recognising import get_on
from wagtail_col.learning.stops import lines_of
from wagtail_col.learning.ways import ways_on
from wagtail_col.people import bands

pytestmark = pytest.mark.django_db


@pytest.fixture
def music():
    return interest("music", en="Music")


@pytest.fixture
def over(music):
    return listing("Old concert", -5, interests=("music",))


@pytest.fixture
def stuck(over, learner):
    """A line whose first step cannot be done any more."""
    playlist = line(step(over), link("Read"), title="Sound", achievement=AchievementFactory())
    journey.join(learner, playlist)
    return playlist


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def address(one) -> str:
    return reverse("col_learning:instead", args=[one.key]) + "?lang=en"


def refused(*args, call=waivers.ask, **kwargs) -> str:
    with pytest.raises(Refused) as refusal:
        call(*args, **kwargs)
    return refusal.value.code


# What is as good


def test_as_good_is_what_shares_interests_and_is_near_or_online(over):
    interest("art", en="Art")
    near = listing("Near", 4, interests=("music",), point=Point(-4.05, 40.0))
    elsewhere_online = online("Online", interests=("music",))
    listing("Far", 4, interests=("music",), point=Point(-3.0, 40.0))
    listing("Art", 4, interests=("art",))
    listing("Over too", -2, interests=("music",))
    assert equal_to(over) == [near, elsewhere_online]


def test_what_shares_more_comes_first_and_few_are_offered(over, music):
    for n in range(MOST + 2):
        listing(f"One {n}", 4, interests=("music",))
    interest("art", en="Art")
    from wagtail_col.catalogue.models import Interest

    over.interests.add(Interest.objects.get(slug="art"))
    both = online("Both", interests=("music", "art"))
    found = equal_to(over)
    assert found[0] == both
    assert len(found) == MOST


def test_nothing_is_as_good_as_what_says_nothing_of_itself():
    listing("Other")
    assert equal_to(listing("Plain", -1)) == []


# The ways of the rules


def ways(learner, playlist, number, equal=()):
    here = lines_of([playlist])[playlist.pk]
    return ways_on(learner, playlist, here, steps_of(playlist)[number], equal)


def test_a_needed_station_that_is_over_and_what_can_be_done_meanwhile(learner, stuck):
    found = ways(learner, stuck, 0)
    assert [stop.title for stop in found.meanwhile] == ["Read"]
    assert found.is_needed
    assert found.at is None


def test_where_others_are_enough_it_is_not_needed(as_learner, learner, over):
    playlist = line(step(over), link("Read"), link("Write"), needed=2)
    journey.join(learner, playlist)
    assert not ways(learner, playlist, 0).is_needed
    page = words(as_learner.get(address(steps_of(playlist)[0])))
    assert "You do not need this one: the others of the line are enough." in page
    assert page.index("Read") < page.index("Ask the organiser")
    journey.complete(learner, steps_of(playlist)[1], Evidence.SELF)
    assert not ways(learner, playlist, 0).is_needed
    journey.complete(learner, steps_of(playlist)[2], Evidence.SELF)
    assert ways(learner, playlist, 0).meanwhile == ()


def test_a_course_that_opens_later_says_when(as_learner, learner):
    opens = timezone.now() + timedelta(days=3)
    playlist = line(course(make_course(make_tool(), available_from=opens)), link("Read"))
    journey.join(learner, playlist)
    assert ways(learner, playlist, 0).at == opens
    page = words(as_learner.get(address(steps_of(playlist)[0])))
    assert "It can be done from" in page


# The learner


def test_the_line_leads_on_from_a_step_that_is_over(as_learner, stuck, over):
    online("Sing along", interests=("music",))
    first, second = steps_of(stuck)
    journey.complete(stuck.enrolments.get().learner, second, Evidence.SELF)
    page = words(as_learner.get(address(first)))
    for expected in ("Old concert", "This date has passed", "Sing along", "Ask the organiser"):
        assert expected in page


def test_it_says_under_which_name_the_organiser_sees_who_asks(as_learner, learner, stuck, settings):
    first = address(steps_of(stuck)[0])
    assert f"They see you as “{learner.username}”" in words(as_learner.get(first))
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "CONSENT_AGE": 16}
    bands.say(learner, is_under=True)
    said = words(as_learner.get(first))
    assert f"They see you as “{bands.band_of(learner).pseudonym}”" in said
    assert learner.username not in said


def test_asking_and_being_let_go(as_learner, learner, stuck, django_capture_on_commit_callbacks):
    other = online("Sing along", interests=("music",))
    first, second = steps_of(stuck)
    journey.complete(learner, second, Evidence.SELF)
    response = as_learner.post(address(first), {"words": "I was ill.", "instead": str(other.key)})
    assert response.status_code == 302
    waiver = Waiver.objects.get()
    assert (waiver.words, waiver.instead, waiver.state) == ("I was ill.", other, "waiting")
    assert "You asked the organiser on" in words(as_learner.get(address(first)))
    with django_capture_on_commit_callbacks(execute=True):
        waivers.decide(waiver, UserFactory(), grants=True, reason="Get well.")
    done = Completion.objects.get(step=first)
    assert done.how == "waived"
    award = learner.col_awards.get()
    assert [one["how"] for one in award.because["steps"]] == ["waived", "self"]
    said = [message for message in mail.outbox if "answered" in message.subject]
    assert len(said) == 1
    assert "Get well" not in said[0].body, "that is behind the log-in"
    page = words(as_learner.get(address(first)))
    assert "The organiser has let it go. It counts as done. “Get well.”" in page


def test_not_let_go_can_be_asked_again(as_learner, learner, stuck):
    first = steps_of(stuck)[0]
    waiver = waivers.ask(learner, first, "Please.")
    waivers.decide(waiver, UserFactory(), grants=False, reason="Come in May.")
    assert not Completion.objects.exists()
    assert "“Come in May.”" in words(as_learner.get(address(first)))
    again = waivers.ask(learner, first, "I am away in May.")
    assert again != waiver


def test_taking_it_back(as_learner, learner, stuck):
    first = steps_of(stuck)[0]
    waivers.ask(learner, first, "Please.")
    as_learner.post(address(first), {"take-back": "1"})
    assert not Waiver.objects.exists()
    waiver = waivers.ask(learner, first, "Please.")
    waivers.decide(waiver, UserFactory(), grants=False, reason="No.")
    as_learner.post(address(first), {"take-back": "1"})
    assert Waiver.objects.exists(), "what was answered stays"


def test_one_waits_at_a_time_and_the_database_sees_to_it(learner, stuck):
    first = steps_of(stuck)[0]
    waivers.ask(learner, first, "Please.")
    assert refused(learner, first, "Please!") == "waiting"
    with pytest.raises(IntegrityError), transaction.atomic():
        Waiver.objects.create(learner=learner, step=first, words="x", language="en")


def test_what_is_refused(learner, stuck, over):
    first, second = steps_of(stuck)
    assert refused(learner, first, "  ") == "no-words"
    assert refused(learner, first, "x" * 2001) == "too-long"
    assert refused(learner, second, "x") == "not-stuck"
    assert refused(UserFactory(), first, "x") == "not-joined"
    journey.complete(learner, first, Evidence.ORGANISER)
    assert refused(learner, first, "x") == "done"


def test_a_choice_with_a_way_on_is_not_stuck(learner, over):
    playlist = line(step(over, choice=1), link("Read", choice=1))
    journey.join(learner, playlist)
    assert refused(learner, steps_of(playlist)[0], "x") == "not-stuck"


def test_deciding_once_with_a_reason_and_not_about_oneself(learner, stuck):
    waiver = waivers.ask(learner, steps_of(stuck)[0], "Please.")
    organiser = UserFactory()
    decide = {"call": waivers.decide, "grants": True}
    assert refused(waiver, learner, reason="Fine.", **decide) == "own"
    assert refused(waiver, organiser, reason=" ", **decide) == "no-reason"
    waivers.decide(waiver, organiser, grants=False, reason="No.")
    assert refused(waiver, organiser, reason="Yes.", **decide) == "decided"
    assert not Completion.objects.exists()


def test_let_go_after_leaving_counts_when_joining_again(learner, stuck):
    first = steps_of(stuck)[0]
    waiver = waivers.ask(learner, first, "Please.")
    journey.leave(learner, stuck)
    waivers.decide(waiver, UserFactory(), grants=True, reason="Fine.")
    assert not Completion.objects.exists()
    get_on(learner, stuck)
    assert Completion.objects.get().how == "waived"


def test_when_mail_is_down_it_is_told_later_once(learner, stuck):
    waiver = waivers.ask(learner, steps_of(stuck)[0], "Please.")
    assert waiver_mail.waiting() == []
    waivers.decide(waiver, UserFactory(), grants=False, reason="No.")
    assert waiver_mail.waiting() == [waiver.pk]
    assert waiver_mail.tell(waiver.pk)
    assert not waiver_mail.tell(waiver.pk)
    assert len(mail.outbox) == 1
    Waiver.objects.update(emailed_at=None, decided_at=timezone.now() - timedelta(days=15))
    assert waiver_mail.waiting() == []


def test_nothing_of_anybody_elses(client, as_learner, stuck):
    first = steps_of(stuck)[0]
    other = UserFactory()
    journey.join(other, stuck)
    waivers.ask(other, first, "My secret.")
    as_learner.post(address(first), {"take-back": "1"})
    assert Waiver.objects.exists()
    assert "My secret" not in words(as_learner.get(address(first)))


def test_a_choice_that_was_not_offered_is_refused(as_learner, stuck):
    response = as_learner.post(
        address(steps_of(stuck)[0]), {"words": "x", "instead": str(listing("Other").key)}
    )
    assert response.status_code == 422
    assert "no longer offered" in words(response)


@pytest.mark.parametrize("count", [1, 4])
def test_the_number_of_queries_is_constant(as_learner, stuck, count):
    for n in range(count):
        online(f"Sing {n}", interests=("music",))
    with CaptureQueriesContext(connection) as caught:
        as_learner.get(address(steps_of(stuck)[0]))
    assert len(caught) == 32
