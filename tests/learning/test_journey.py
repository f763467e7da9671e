"""Getting on a line, finishing its steps, and what cannot be done."""

import pytest

from tests.factories import AchievementFactory, UserFactory
from tests.learning.build import line, link, listing, online, step, steps_of
from wagtail_col.catalogue.publishing import withdraw_listing
from wagtail_col.learning import claims, journey
from wagtail_col.learning.models import Completion, Enrolment, Evidence
from wagtail_col.learning.publishing import withdraw_playlist

pytestmark = pytest.mark.django_db


def refused(code, function, *args):
    with pytest.raises(journey.Refused) as caught:
        function(*args)
    assert caught.value.code == code
    assert caught.value.message


def test_joining_twice_is_joining_once(learner):
    playlist = line(link())
    first, second = journey.join(learner, playlist), journey.join(learner, playlist)
    assert first == second
    assert Enrolment.objects.count() == 1


def test_a_withdrawn_line_cannot_be_joined(learner):
    playlist = line(link())
    withdraw_playlist(playlist.key)
    refused("line-withdrawn", journey.join, learner, playlist)
    assert not Enrolment.objects.exists()


def test_saying_so_completes_a_web_link_and_an_online_course(learner):
    playlist = line(link(), step(online()))
    journey.join(learner, playlist)
    first, second = steps_of(playlist)
    assert journey.complete(learner, first, Evidence.SELF).done_count == 1
    assert journey.complete(learner, second, Evidence.SELF).is_complete
    assert Enrolment.objects.get().completed_at


def test_a_step_is_completed_once_and_the_first_way_stands(learner):
    playlist = line(link(), link("Second"))
    journey.join(learner, playlist)
    first = steps_of(playlist)[0]
    journey.complete(learner, first, Evidence.SELF)
    assert not journey.finish_step(learner, first, Evidence.ORGANISER).is_new
    assert Completion.objects.get().how == Evidence.SELF


@pytest.mark.parametrize("values", [{}, {"is_online": True, "is_local": True}])
def test_saying_so_is_not_enough_for_a_step_at_a_place(learner, values):
    playlist = line(step(listing(**values)))
    journey.join(learner, playlist)
    refused("needs-code", journey.complete, learner, steps_of(playlist)[0], Evidence.SELF)
    assert not Completion.objects.exists()


def test_a_code_counts_for_its_own_listing_only(learner):
    here, there = listing("Here"), listing("There")
    playlist = line(step(here), step(there))
    journey.join(learner, playlist)
    code = claims.make_code(there, by=None)
    first, second = steps_of(playlist)
    refused("wrong-code", journey.complete, learner, first, Evidence.CODE, code)
    refused("wrong-code", journey.complete, learner, first, Evidence.CODE)
    assert journey.complete(learner, second, Evidence.CODE, code).done_count == 1


def test_the_organiser_may_confirm_any_step(learner):
    playlist = line(step(listing()))
    journey.join(learner, playlist)
    assert journey.complete(learner, steps_of(playlist)[0], Evidence.ORGANISER).is_complete


def test_completing_needs_joining(learner):
    playlist = line(link())
    refused("not-joined", journey.complete, learner, steps_of(playlist)[0], Evidence.SELF)


def test_a_step_that_was_taken_out_is_refused(learner):
    first, second = link("First"), link("Second")
    playlist = line(first, second)
    journey.join(learner, playlist)
    gone = steps_of(playlist)[1]
    line(first, key=playlist.key)
    refused("step-withdrawn", journey.complete, learner, gone, Evidence.SELF)


def test_a_withdrawn_line_and_a_withdrawn_listing_are_refused(learner):
    course = online()
    playlist = line(step(course), link())
    journey.join(learner, playlist)
    first, second = steps_of(playlist)
    withdraw_listing(course.key)
    refused("listing-withdrawn", journey.complete, learner, first, Evidence.SELF)
    withdraw_playlist(playlist.key)
    refused("line-withdrawn", journey.complete, learner, second, Evidence.SELF)
    assert not Completion.objects.exists()


def test_what_was_done_stays_done_when_the_line_changes(learner):
    first, second = link("First"), link("Second")
    playlist = line(first, second)
    journey.join(learner, playlist)
    journey.complete(learner, steps_of(playlist)[0], Evidence.SELF)
    line(second, first, key=playlist.key)
    progress = journey.progress_of(learner, playlist)
    assert progress.done_count == 1
    assert progress.next == steps_of(playlist)[0].pk


def test_each_learner_has_their_own_progress(learner):
    playlist = line(link(), link("Second"))
    other = UserFactory()
    for person in (learner, other):
        journey.join(person, playlist)
    journey.complete(learner, steps_of(playlist)[0], Evidence.SELF)
    assert journey.progress_of(other, playlist).done_count == 0


# The badge at the end


def do_all(learner, playlist) -> None:
    journey.join(learner, playlist)
    for each in steps_of(playlist):
        journey.complete(learner, each, Evidence.SELF)


def test_the_last_step_gives_the_badge_with_its_reasons(learner):
    playlist = line(link("Read"), step(online("Course")), achievement=AchievementFactory())
    journey.join(learner, playlist)
    first, second = steps_of(playlist)
    assert journey.finish_step(learner, second, Evidence.SELF).award is None
    outcome = journey.finish_step(learner, first, Evidence.SELF)
    assert outcome.award == learner.col_awards.get()
    because = outcome.award.because
    assert because["playlist"] == str(playlist.key)
    assert because["url"] == f"http://testserver{playlist.text.url}"
    assert [each["title"] for each in because["steps"]] == ["Read", "Course"]
    assert {each["how"] for each in because["steps"]} == {"self"}
    assert journey.finish_step(learner, first, Evidence.SELF).award is None
    assert learner.col_awards.count() == 1


def test_a_reason_does_not_name_what_is_not_public_any_more(learner):
    course = online("Secret course")
    playlist = line(step(course), link("Read"), achievement=AchievementFactory())
    journey.join(learner, playlist)
    first, second = steps_of(playlist)
    journey.complete(learner, first, Evidence.SELF)
    withdraw_listing(course.key)
    journey.complete(learner, second, Evidence.SELF)
    assert "Secret" not in str(learner.col_awards.get().because)


def test_a_badge_that_is_published_later_can_be_fetched(learner):
    achievement = AchievementFactory(live=False)
    playlist = line(link(), achievement=achievement)
    do_all(learner, playlist)
    assert Enrolment.objects.get().completed_at
    assert journey.settle(learner, playlist) is None
    achievement.live = True
    achievement.save()
    assert journey.settle(learner, playlist) == learner.col_awards.get()
    assert journey.settle(learner, playlist) is None


def test_what_was_done_is_kept_when_the_badge_cannot_be_given(learner):
    achievement = AchievementFactory()
    achievement.texts.update(criteria="")
    playlist = line(link(), achievement=achievement)
    do_all(learner, playlist)
    assert Completion.objects.count() == 1
    assert not learner.col_awards.exists()
    refused("not-awardable", journey.settle, learner, playlist)
    achievement.texts.update(criteria="All of it.")
    assert journey.settle(learner, playlist)


def test_a_new_step_takes_nothing_back(learner):
    first = link("First")
    playlist = line(first, achievement=AchievementFactory())
    do_all(learner, playlist)
    line(first, link("Second"), key=playlist.key, achievement=playlist.achievement)
    assert not journey.progress_of(learner, playlist).is_complete
    assert Enrolment.objects.get().completed_at
    assert learner.col_awards.count() == 1
