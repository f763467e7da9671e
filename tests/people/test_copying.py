"""A copy has every row about a person, and nothing of anybody else's."""

import io
import json
import zipfile

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from tests.badges.build import badge, brought
from tests.badges.certificate.pdfua import findings
from tests.factories import UserFactory
from tests.people.examples import everything_about, make
from wagtail_col.badges.models import ListedLearner
from wagtail_col.learning.models import EvidenceFile, Submission
from wagtail_col.people import taking
from wagtail_col.people.copying import zipped
from wagtail_col.people.models import DataCopy

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner():
    return UserFactory(username="zofka", first_name="Žofka", email="zofka@mail.example")


def opened(content):
    return zipfile.ZipFile(io.BytesIO(content))


def rows(archive, label):
    name = f"data/{label}.json"
    return json.loads(archive.read(name))["rows"] if name in archive.namelist() else []


def test_every_row_about_the_person_is_in_it(learner):
    examples = everything_about(learner)
    archive = opened(zipped(learner))
    for example in examples:
        label = example.row._meta.label
        if label == "col_people.DataCopy":
            continue  # The copy itself.
        found = {row["id"]: row for row in rows(archive, label)}
        assert example.row.pk in found, (label, example.path.to)
        row = found[example.row.pk]
        assert str(example.path.who) in row["you_are"]
        held = example.holding
        wanted = set(example.path.fields or _fields(example.row)) - set(held.withheld)
        assert wanted <= set(row), (label, wanted - set(row))
        assert not set(held.withheld) & set(row)


def _fields(row):
    every = (*row._meta.concrete_fields, *row._meta.many_to_many)
    return {field.name for field in every if not field.primary_key}


def test_nothing_of_anybody_elses_is_in_it(learner):
    other = UserFactory(username="strangerella", first_name="Peregrina", email="p@far.example")
    theirs = everything_about(other)
    everything_about(learner)
    archive = opened(zipped(learner))
    for name in archive.namelist():
        content = archive.read(name).lower()
        for secret in (b"strangerella", b"peregrina", b"p@far.example"):
            assert secret not in content, name
    for example in theirs:
        ids = {row["id"] for row in rows(archive, example.row._meta.label)}
        assert example.row.pk not in ids, example.holding.model


def test_secrets_are_not_in_it(learner):
    examples = everything_about(learner)
    archive = opened(zipped(learner))
    text = b"".join(archive.read(name) for name in archive.namelist()).decode(errors="replace")
    for example in examples:
        for name in example.holding.withheld:
            secret = str(getattr(example.row, name))
            # Short ones can be inside of anything.
            assert len(secret) < 20 or secret not in text, (example.holding.model, name)


def test_who_gave_it_is_somebody_else(learner):
    organiser = UserFactory(username="organiser-of-it")
    badge(learner, by=organiser)
    row = rows(opened(zipped(learner)), "col_badges.Award")[0]
    assert (row["learner"], row["awarded_by"]) == ("you", "somebody else")


def test_an_organiser_gets_no_learner(learner):
    organiser = UserFactory()
    given = badge(learner, by=organiser, narrative="Žofka did well")
    row = rows(opened(zipped(organiser)), "col_badges.Award")[0]
    assert set(row) == {"id", "you_are", "key", "achievement", "awarded_at"}
    assert row["id"] == given.pk


def test_badges_are_in_it_as_they_were_signed_and_on_paper(learner):
    given = badge(learner)
    brought(learner, "Swimmer", source='{"type": "from elsewhere"}')
    archive = opened(zipped(learner))
    assert archive.read("badges/Explorer.json").decode() == given.credential
    assert given.credential.encode()[:40] in archive.read("badges/Explorer.png")
    assert json.loads(archive.read("badges/Swimmer.json")) == {"type": "from elsewhere"}
    paper = archive.read("record.pdf")
    assert paper.startswith(b"%PDF")
    assert findings(paper) == []
    assert b"record.pdf" in archive.read("README.txt")


def test_badges_of_one_name_do_not_hide_each_other(learner):
    first, second = badge(learner), badge(learner)
    archive = opened(zipped(learner))
    found = {archive.read(f"badges/{name}.json").decode() for name in ("Explorer", "Explorer-2")}
    assert found == {first.credential, second.credential}


def test_files_are_in_it_as_they_were_sent_in(learner):
    sent = make(Submission, learner=learner)
    EvidenceFile.objects.create(
        submission=sent, name="../../my photo.png", media_type="image/png", size=3, content=b"png"
    )
    archive = opened(zipped(learner))
    path = rows(archive, "col_learning.EvidenceFile")[0]["content"]
    assert archive.read(path) == b"png"
    assert path.startswith("files/col_learning.EvidenceFile/")
    assert ".." not in path and path.count("/") == 2


def test_an_address_that_is_not_proven_tells_nothing(settings):
    """Else whoever writes somebody's address into their account reads what is said of them."""
    pretender = UserFactory(email="victim@mail.example")
    make(ListedLearner, email="victim@mail.example", narrative="said of the victim")
    assert rows(opened(zipped(pretender)), "col_badges.ListedLearner")
    settings.WAGTAIL_COL = {
        **settings.WAGTAIL_COL,
        "CONFIRMED_EMAILS": "tests.people.test_copying.nothing_confirmed",
    }
    assert rows(opened(zipped(pretender)), "col_badges.ListedLearner") == []


def nothing_confirmed(user):
    return []


class TestPages:
    def test_in_three_taps(self, client, learner):
        client.force_login(learner)
        assert 'href="/col/my-data/"' in client.get("/col/mine/").content.decode()
        page = client.get("/col/my-data/").content.decode()
        assert 'action="/col/my-data/copy/"' in page
        answer = client.post("/col/my-data/copy/")
        assert answer["Content-Type"] == "application/zip"
        assert answer["Cache-Control"] == "private, no-store"
        assert rows(opened(answer.content), get_user_model()._meta.label)[0]["id"] == learner.pk

    def test_much_of_it_is_made_in_the_background(
        self, client, learner, monkeypatch, django_capture_on_commit_callbacks
    ):
        monkeypatch.setattr(taking, "AT_ONCE", 0)
        client.force_login(learner)
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post("/col/my-data/copy/").status_code == 302
        assert 'href="/col/my-data/copy/"' in client.get("/col/my-data/").content.decode()
        archive = opened(client.get("/col/my-data/copy/").content)
        assert rows(archive, get_user_model()._meta.label)
        client.force_login(UserFactory())
        assert client.get("/col/my-data/copy/").status_code == 302

    def test_asking_twice_waits_for_the_same_one(self, learner):
        first = taking.ask(learner)
        assert taking.ask(learner).asked_at == first.asked_at
        DataCopy.objects.update(asked_at=timezone.now() - taking.PATIENCE)
        assert taking.ask(learner).asked_at > first.asked_at

    def test_a_copy_nobody_fetched_goes(self, learner):
        taking.ask(learner)
        assert taking.forget() == 0
        DataCopy.objects.update(asked_at=timezone.now() - taking.KEPT)
        assert taking.waiting(learner) is None
        assert taking.forget() == 1

    def test_the_page_says_who_sees_what(self, client, learner):
        examples = everything_about(learner)
        client.force_login(learner)
        page = client.get("/col/my-data/").content.decode().lower()
        from django.utils.html import escape

        for example in examples:
            assert escape(str(example.holding.data)).lower() in page, example.holding.model
            seen_by = str(example.holding.seen_by)
            shown = "only you" if seen_by == "the learner" else escape(seen_by).lower()
            assert shown in page, example.holding.model

    def test_nobody_else_gets_in(self, client):
        for path in ("", "copy/", "delete/"):
            assert client.get(f"/col/my-data/{path}").status_code == 302
            assert client.post(f"/col/my-data/{path}").status_code in (302, 405)
