"""Sources of imports on one screen: what came of them, repeated or not, looked at now, deleted."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import factories
from tests.catalogue.importing import making
from tests.pages.test_imports import editor, looked_at, url  # noqa: F401
from wagtail_col.catalogue.importing import opening
from wagtail_col.catalogue.importing.wholly import import_file
from wagtail_col.catalogue.models import ImportRun, ImportSource, Listing, Provider, RunState
from wagtail_col.pages.admin import imports_sources
from wagtail_col.pages.models import ProviderTeam

pytestmark = pytest.mark.django_db
ADDRESS = "https://library.example/agenda.csv"


def imported(name="Library", rows=3, start=0, **values) -> ImportSource:
    source = making.source(name=name, **values)
    text = making.table(making.row(number) for number in range(start, start + rows))
    import_file(source, making.file(text), name="a.csv")
    return source


def page(client) -> str:
    return client.get(url("sources")).content.decode()


def test_the_list_says_what_came_of_the_last_run(editor):  # noqa: F811
    assert "There is no source yet" in page(editor)
    imported(url=ADDRESS)
    refused = making.source(name="Down", url=ADDRESS)
    ImportRun.objects.create(source=refused, state=RunState.DONE, started_at=timezone.now())
    ImportRun.objects.create(source=refused, state=RunState.REFUSED, refusal="too-large")
    said = page(editor)
    assert "3 new" in said
    assert "The file has 50 MB or more." in said
    assert ADDRESS in said


def test_what_was_only_looked_at_is_no_source_of_the_list(editor):  # noqa: F811
    run = looked_at(editor, [making.row(1)])
    assert "There is no source yet" in page(editor)
    form = editor.get(url("choose")).context["form"]
    assert not form.fields["known"].queryset
    # Thrown away nothing is left of it.
    editor.post(url("delete", run.key))
    assert not ImportSource.objects.exists()
    again = looked_at(editor, [making.row(1)])
    editor.post(url("start", again.key))
    assert "Library" in page(editor)
    editor.post(url("delete", looked_at(editor, [making.row(1)], name="X").key))
    assert ImportSource.objects.get().name == "Library"


def test_what_is_said_of_a_source_is_not_kept_when_the_file_is_refused(editor):  # noqa: F811
    source = imported(url=ADDRESS)
    data = {"name": "Changed", "language": "es", "kind": "course", "pasted": "colour\nred\n"}
    address = f"{url('choose')}?source={source.key}"
    editor.post(address, data)
    assert ImportRun.objects.first().state == RunState.REFUSED
    source.refresh_from_db()
    assert (source.name, source.language, source.kind) == ("Library", "en", "event")
    editor.post(address, data | {"pasted": "title\nA\n"})
    source.refresh_from_db()
    assert (source.name, source.language, source.kind) == ("Changed", "es", "course")


def test_its_queries_do_not_grow_with_the_sources(editor):  # noqa: F811
    imported("One")
    page(editor)
    with CaptureQueriesContext(connection) as few:
        page(editor)
    for number in range(3):
        imported(f"More {number}", start=10 * (number + 1), rows=1)
    with CaptureQueriesContext(connection) as many:
        page(editor)
    assert len(many) == len(few)


def test_a_daily_source_is_stopped_and_repeated_again(editor):  # noqa: F811
    source = imported(url=ADDRESS, is_daily=True)
    assert "Stop repeating" in page(editor)
    assert editor.get(url("repeat", source.key)).status_code == 405
    editor.post(url("repeat", source.key), {"daily": "no"})
    source.refresh_from_db()
    assert not source.is_daily
    assert Listing.objects.published().count() == 3
    editor.post(url("repeat", source.key), {"daily": "yes"})
    source.refresh_from_db()
    assert source.is_daily


def test_a_file_cannot_be_repeated(editor):  # noqa: F811
    source = imported()
    assert "Repeat every day" not in page(editor)
    answer = editor.post(url("repeat", source.key), {"daily": "yes"}, follow=True)
    assert "Only what stands at a web address" in answer.content.decode()
    source.refresh_from_db()
    assert not source.is_daily


def test_looking_now_fetches_and_writes_nothing(editor, monkeypatch):  # noqa: F811
    source = imported(url=ADDRESS)
    text = making.table(making.row(number) for number in range(5))
    monkeypatch.setattr(
        imports_sources,
        "fetch_file",
        lambda address: opening.Fetched(io.BytesIO(text.encode()), "text/csv"),
    )
    answer = editor.post(url("run_now", source.key))
    run = ImportRun.objects.first()
    assert answer.url == url("run", run.key)
    assert (run.state, run.found["new"], run.found["same"]) == (RunState.CHECKED, 2, 3)
    assert Listing.objects.count() == 3


def test_an_address_inside_is_refused_with_a_reason(editor):  # noqa: F811
    source = making.source(url="https://127.0.0.1/a.csv")
    answer = editor.post(url("run_now", source.key), follow=True)
    assert "private network" in answer.content.decode()
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("withdraws", [False, True])
def test_deleting_asks_first_and_keeps_or_takes_out_what_came(editor, withdraws):  # noqa: F811
    source = imported()
    said = editor.get(url("delete_source", source.key)).content.decode()
    assert "3 opportunities from this source are published." in said
    assert ImportSource.objects.exists()
    editor.post(url("delete_source", source.key), {"withdraw": "on"} if withdraws else {})
    assert not ImportSource.objects.exists()
    assert not ImportRun.objects.exists()
    assert Listing.objects.count() == 3
    assert Listing.objects.published().count() == (0 if withdraws else 3)


def test_a_providers_people_reach_only_their_own(client):
    city = factories.territory_page()
    mine, theirs = (factories.provider_page(city, title) for title in ("Mine", "Theirs"))
    user = factories.UserFactory()
    user.groups.add(ProviderTeam.objects.get(key=mine.translation_key).group)
    client.force_login(user)
    other = Provider.objects.get(key=theirs.translation_key)
    secret = making.source(name="Secret", url=ADDRESS, is_daily=True, provider=other)
    assert "Secret" not in page(client)
    for name, data in (("repeat", {"daily": "no"}), ("run_now", {}), ("delete_source", {})):
        answer = client.post(url(name, secret.key), data, follow=True)
        assert answer.status_code == 404, name
    secret.refresh_from_db()
    assert secret.is_daily


def test_others_do_not_get_in(client):
    source = making.source()
    for name in ("repeat", "run_now", "delete_source"):
        assert client.post(url(name, source.key)).status_code in (302, 403)
    assert client.get(url("sources")).status_code in (302, 403)
    assert ImportSource.objects.exists()
