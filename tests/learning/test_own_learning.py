"""What learners write down themselves: learning from elsewhere, and notes for them alone."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import UserFactory
from tests.learning.build import line, link, steps_of
from wagtail_col.learning import journey
from wagtail_col.learning.models import Evidence, OwnLearning, Reflection

pytestmark = pytest.mark.django_db
ADD = "/col/own-learning/"


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def change(own) -> str:
    return reverse("col_learning:change_own", args=[own.key])


def note(one) -> str:
    return reverse("col_learning:reflect", args=[one.key])


@pytest.fixture
def done(learner):
    """A step the learner has done."""
    playlist = line(link("Write"), link("Record"), title="Podcast")
    journey.join(learner, playlist)
    one = steps_of(playlist)[0]
    journey.complete(learner, one, Evidence.SELF)
    return one


# Learning from elsewhere


def test_it_stands_in_the_passport_as_said_by_oneself(as_learner, learner):
    response = as_learner.post(
        ADD, {"title": "Sailing <b>", "ended_on": "2020-05-01", "words": "With my aunt."}
    )
    assert response.url == "/col/passport/"
    said = as_learner.get("/col/passport/").content.decode()
    assert "Sailing &lt;b&gt;" in said
    assert "Said by yourself" in said
    assert "Nobody has checked it" in said
    record = words(as_learner.get("/col/passport/record/"))
    assert record.index("Said by the learner, checked by nobody") < record.index("Sailing")
    assert "Sailing" not in as_learner.get("/col/passport/badges.json").content.decode()
    assert not learner.col_awards.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"title": ""},
        {"title": "x" * 201},
        {"title": "Sailing", "link": "javascript:alert(1)"},
        {"title": "Sailing", "link": "ftp://example.org/x"},
        {"title": "Sailing", "ended_on": "2020-02-31"},
        {"title": "Sailing", "words": "x" * 2001},
    ],
)
def test_what_makes_no_sense_is_refused(as_learner, values):
    response = as_learner.post(ADD, values)
    assert response.status_code == 422
    assert "Nothing was changed." in words(response)
    assert not OwnLearning.objects.exists()


def test_a_day_that_has_not_come_is_refused(as_learner):
    tomorrow = timezone.localdate() + timedelta(days=1)
    response = as_learner.post(ADD, {"title": "Sailing", "ended_on": tomorrow.isoformat()})
    assert "This day has not come yet." in words(response)


def test_changing_and_deleting(as_learner, learner):
    as_learner.post(ADD, {"title": "Sailing", "ended_on": "2020-05-01"})
    own = OwnLearning.objects.get()
    form = as_learner.get(change(own)).content.decode()
    assert 'value="2020-05-01"' in form
    as_learner.post(change(own), {"title": "Rowing"})
    assert OwnLearning.objects.get().title == "Rowing"
    as_learner.post(change(own), {"delete": "1"})
    assert not OwnLearning.objects.exists()


def test_nobody_elses(as_learner):
    own = OwnLearning.objects.create(learner=UserFactory(), title="Theirs")
    assert as_learner.get(change(own), follow=True).status_code == 404
    assert as_learner.post(change(own), {"delete": "1"}, follow=True).status_code == 404
    assert "Theirs" not in words(as_learner.get("/col/passport/"))


def test_there_is_an_end_to_it(as_learner, learner):
    OwnLearning.objects.bulk_create(OwnLearning(learner=learner, title="x") for _n in range(300))
    assert as_learner.post(ADD, {"title": "One more"}).status_code == 422


# A note after a step


def test_the_question_comes_with_the_step_and_can_be_skipped(as_learner, done):
    record = steps_of(done.playlist)[1]
    as_learner.post(reverse("col_learning:done", args=[record.key]))
    assert note(record) in as_learner.get("/col/mine/").content.decode()
    page = as_learner.get(note(record))
    assert "Only you can read it. You need not answer." in words(page)
    assert done.playlist.text.url in page.content.decode(), "the way to skip it"
    assert not Reflection.objects.exists()


def test_one_note_a_step_that_can_be_changed_and_taken_away(as_learner, learner, done):
    for text in ("First", "Second <b>"):
        as_learner.post(note(done), {"text": text})
    assert Reflection.objects.get().text == "Second <b>"
    assert "Second &lt;b&gt;" in as_learner.get(note(done)).content.decode()
    assert "Second &lt;b&gt;" in as_learner.get("/col/notes/").content.decode()
    as_learner.post(note(done), {"text": "  "})
    assert not Reflection.objects.exists()


def test_a_note_is_for_its_learner_alone(client, done):
    Reflection.objects.create(learner=done.completions.get().learner, step=done, text="Secret")
    other = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(other)
    assert client.get(note(done), follow=True).status_code == 404
    assert "Secret" not in words(client.get("/col/notes/"))


def test_only_after_the_step(as_learner, done):
    assert as_learner.get(note(steps_of(done.playlist)[1]), follow=True).status_code == 404


def test_too_long_a_note_is_refused_and_not_lost(as_learner, done):
    response = as_learner.post(note(done), {"text": "x" * 5001})
    assert response.status_code == 422
    assert "x" * 5001 in response.content.decode()


@pytest.mark.parametrize("count", [1, 12])
def test_the_number_of_queries_is_constant(as_learner, learner, count):
    playlist = line(*[link(f"L{n}") for n in range(count)])
    for one in steps_of(playlist):
        Reflection.objects.create(learner=learner, step=one, text="x")
    with CaptureQueriesContext(connection) as caught:
        as_learner.get("/col/notes/")
    assert len(caught) == 5
