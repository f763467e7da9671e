"""Erasing takes every row about a person, or the person out of it; counts stay."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

from tests.badges.build import badge
from tests.factories import UserFactory
from tests.learning.build import line, link, steps_of
from tests.people.examples import everything_about, make
from wagtail_col.api.models import Application, KeptAnswer
from wagtail_col.badges.erasing import times_given
from wagtail_col.badges.models import Award
from wagtail_col.learning import journey, past
from wagtail_col.learning.models import Evidence
from wagtail_col.people import erasing
from wagtail_col.people.signals import erasing as about_to
from wagtail_col.personal import Erasure

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner():
    return UserFactory(username="zofka.novak", first_name="Zofka", email="z.novak@mail.example")


@pytest.mark.parametrize("how", ["the learner", "an administrator"])
def test_every_row_goes_or_loses_the_person(learner, how):
    examples, pk = everything_about(learner), learner.pk
    if how == "the learner":
        erasing.erase(learner)
    else:
        get_user_model().objects.filter(pk=pk).delete()
    for example in examples:
        left = type(example.row)._base_manager.filter(pk=example.row.pk).first()
        if example.path.erasure is Erasure.DELETE:
            assert left is None, (example.holding.model, example.path.to)
        else:
            assert left is not None, example.holding.model
            assert getattr(left, example.path.to) in (None, ""), example.holding.model
            assert not any(getattr(left, name) for name in example.path.blanked)
    assert mentions("z.novak@mail.example") == mentions("zofka") == []


def mentions(text):
    """Wherever in the database a text stands."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    return [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, kinds)
        and model._base_manager.filter(**{f"{field.attname}__icontains": text}).exists()
    ]


def test_a_mention_would_be_found(learner):
    assert mentions("z.novak@mail.example") == [f"{get_user_model()._meta.label}.email"]


def test_what_is_others_stays(learner):
    other = UserFactory()
    rows = [example.row for example in everything_about(other)]
    before = [_values(row) for row in rows]
    everything_about(learner)
    erasing.erase(learner)
    assert [_values(row) for row in rows] == before


def _values(row):
    return type(row)._base_manager.filter(pk=row.pk).values().get()


def test_public_counts_stay(learner):
    playlist = line(link("Write"))
    (step,) = steps_of(playlist)
    given = badge(learner).achievement
    for somebody in (learner, UserFactory()):
        journey.join(somebody, playlist)
    journey.complete(learner, step, Evidence.SELF)
    before = past.people_on(playlist), past.finished(playlist), times_given(given)
    assert before == (2, 1, 1)
    erasing.erase(learner)
    assert (past.people_on(playlist), past.finished(playlist), times_given(given)) == before


def test_who_leaves_a_playlist_does_not_count(learner):
    playlist = line(link("Write"))
    journey.join(learner, playlist)
    learner.col_enrolments.all().delete()
    assert past.people_on(playlist) == 0


def test_answers_kept_for_systems_forget_the_badge(learner):
    given = badge(learner)
    system = make(Application)
    about = KeptAnswer.objects.create(application=system, key="1", body=f'{{"id": "{given.key}"}}')
    other = KeptAnswer.objects.create(application=system, key="2", body='{"id": "other"}')
    erasing.erase(learner)
    assert list(KeptAnswer.objects.all()) == [other]
    assert about.pk != other.pk


def test_what_is_left_undoes_all_of_it(learner, monkeypatch):
    examples = everything_about(learner)
    monkeypatch.setattr(erasing, "_anonymise", lambda one: None)
    with pytest.raises(erasing.NotErased) as refused:
        erasing.erase(learner)
    assert "col_badges.Endorsement" in refused.value.left
    for example in examples:
        assert type(example.row)._base_manager.filter(pk=example.row.pk).exists()


def test_a_floor_that_fails_undoes_all_of_it(learner):
    badge(learner)

    def fails(sender, person, **kwargs):
        raise RuntimeError("no")

    about_to.connect(fails)
    pk = learner.pk
    try:
        with pytest.raises(RuntimeError):
            erasing.erase(learner)
    finally:
        about_to.disconnect(fails)
    assert Award.objects.filter(learner=pk).exists()


class TestPages:
    def test_says_before_what_goes_and_what_remains(self, client, learner):
        badge(learner)
        client.force_login(learner)
        page = client.get("/col/my-data/delete/").content.decode()
        assert "Badges: what for, when" in page
        assert "so that the number of those given stays" in page

    def test_without_being_sure_nothing_is_deleted(self, client, learner):
        client.force_login(learner)
        page = client.post("/col/my-data/delete/").content.decode()
        assert "Nothing was deleted" in page
        assert get_user_model().objects.filter(pk=learner.pk).exists()

    def test_deletes_and_logs_out(self, client, learner):
        given = badge(learner)
        client.force_login(learner)
        page = client.post("/col/my-data/delete/", {"sure": "yes"}).content.decode()
        assert "Your account is deleted" in page
        assert "sessionid" not in client.cookies or not client.cookies["sessionid"].value
        assert not get_user_model().objects.filter(pk=learner.pk).exists()
        assert client.get(f"/col/badges/{given.key}/").status_code == 410

    def test_who_runs_the_site_is_not_deleted_by_a_click(self, client):
        admin = UserFactory(is_superuser=True)
        client.force_login(admin)
        assert client.post("/col/my-data/delete/", {"sure": "yes"}).status_code == 403
        assert get_user_model().objects.filter(pk=admin.pk).exists()
