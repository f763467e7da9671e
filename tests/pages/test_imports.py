"""Editors and providers' people import: look first, decide, import; each only their own."""

import json

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from tests import factories
from tests.catalogue.importing import making
from wagtail_col.catalogue.importing import reporting
from wagtail_col.catalogue.models import (
    ImportRun,
    ImportSource,
    Listing,
    Provider,
    RunState,
    Territory,
)
from wagtail_col.pages.models import ProviderTeam

pytestmark = pytest.mark.django_db


def url(name, *args):
    with translation.override("en"):
        return reverse(f"col_imports:{name}", args=args)


@pytest.fixture
def editor(client):
    user = factories.UserFactory(is_superuser=True, is_staff=True)
    client.force_login(user)
    return client


def looked_at(client, rows, **values):
    data = {"name": "Library", "language": "en", "kind": "event", **values}
    data["file"] = SimpleUploadedFile("library.csv", making.table(rows).encode())
    answer = client.post(url("choose"), data)
    assert answer.status_code == 302, answer.context["form"].errors
    return ImportRun.objects.first()


def test_a_file_is_looked_at_and_then_imported(editor):
    run = looked_at(editor, [making.row(number) for number in range(5)])
    assert run.state == RunState.CHECKED
    assert not Listing.objects.exists()
    page = editor.get(url("run", run.key)).content.decode()
    assert "Look again with these columns" in page
    assert editor.get(url("start", run.key)).status_code == 405
    editor.post(url("start", run.key))
    run.refresh_from_db()
    assert (run.state, run.new) == (RunState.DONE, 5)
    assert Listing.objects.published().count() == 5
    assert "Imported" in editor.get(url("run", run.key)).content.decode()
    assert "library.csv" in editor.get(url("index")).content.decode()


def test_faults_are_shown_and_the_good_rows_go_in_when_said(editor):
    run = looked_at(editor, [making.row(1), making.row(2, price="abc")])
    page = editor.get(url("run", run.key)).content.decode()
    assert "“abc” is not a price." in page
    editor.post(url("start", run.key))
    assert not Listing.objects.exists()
    editor.post(url("start", run.key), {"without_faults": "on"})
    assert Listing.objects.count() == 1


def test_each_row_is_in_one_number_and_doubles_are_not_faults(editor):
    editor.post(url("start", looked_at(editor, [making.row(n) for n in (1, 2, 3)]).key))
    rows = [
        making.row(1),
        making.row(2, title="Another title"),
        making.row(4),
        making.row(5, price="abc", start="soon"),
        *[making.row(4)] * 3,
        making.row(6),
    ]
    run = looked_at(editor, rows, name="", known=ImportSource.objects.get().pk)
    expected = {
        "New": 2,
        "Changed": 1,
        "As before": 1,
        "With faults": 1,
        "A second time in the file": 3,
        "Perhaps there already": 0,
        "No longer in the source": 1,
    }
    figures = dict(editor.get(url("run", run.key)).context["figures"])
    assert figures == expected
    assert sum(figures.values()) - figures["No longer in the source"] == run.total == len(rows)
    editor.post(url("start", run.key), {"without_faults": "on"})
    assert dict(editor.get(url("run", run.key)).context["figures"]) == expected
    said = editor.get(url("sources")).content.decode()
    assert "1 with faults" in said
    assert "3 a second time" in said


def test_what_has_to_be_ticked_first_is_said_and_asked_by_the_browser(editor):
    rows = [making.row(number) for number in range(9)]
    first = looked_at(editor, rows)
    page = editor.get(url("run", first.key)).content.decode()
    assert "9 items are written." in page
    assert "required" not in page.split('class="col-form col-start"')[1].split("</form>")[0]
    editor.post(url("start", first.key))
    # Doubles alone, and much that would go.
    known = ImportSource.objects.get().pk
    run = looked_at(editor, [rows[0], rows[0]], name="", known=known)
    page = editor.get(url("run", run.key)).content.decode()
    assert "Tick both first, or nothing is imported:" in page
    assert "1 row stays out" in page
    assert 'name="without_faults" required' in page
    assert 'name="may_vanish" required' in page
    for ticks in ({}, {"without_faults": "on"}, {"may_vanish": "on"}):
        answer = editor.post(url("start", run.key), ticks, follow=True)
        assert "Nothing was changed" in answer.content.decode()
        assert Listing.objects.published().count() == 9
    editor.post(url("start", run.key), {"without_faults": "on", "may_vanish": "on"})
    assert Listing.objects.published().count() == 1


def test_where_no_row_can_go_in_that_is_said(editor):
    run = looked_at(editor, [making.row(1, title="")])
    page = editor.get(url("run", run.key)).content.decode()
    assert "No row can be imported as it is." in page
    assert url("start", run.key) not in page


def test_columns_are_said_and_remembered(editor):
    run = looked_at(editor, [making.row(1)])
    names = run.found["columns"]
    said = {
        f"column-{place}": "summary" if name == "description" else run.found["mapping"][name]
        for place, name in enumerate(names)
    }
    editor.post(url("map", run.key), said)
    again = ImportRun.objects.get()
    assert again.key != run.key
    assert again.found["mapping"]["description"] == "summary"
    editor.post(url("start", again.key))
    assert Listing.objects.get().text.summary
    assert ImportSource.objects.get().mapping["description"] == "summary"


@pytest.fixture
def imported(editor):
    """A source with settings of its own, imported once."""
    city = factories.territory_page()
    said = {"language": "es", "kind": "course", "attribution": "City library"}
    territory = Territory.objects.get(key=city.translation_key)
    rows = [making.row(number) for number in range(3)]
    run = looked_at(editor, rows, territory=territory.pk, **said)
    editor.post(url("start", run.key))
    return ImportSource.objects.get()


def test_again_from_a_source_only_changes_are_written(editor, imported):
    rows = [making.row(0), making.row(1, title="Another title"), making.row(2)]
    # The form shows what goes without saying, not what was said of the source.
    run = looked_at(editor, rows, name="", known=imported.pk)
    assert (run.found["new"], run.found["changed"], run.found["same"]) == (0, 1, 2)
    imported.refresh_from_db()
    assert (imported.language, imported.kind, imported.attribution) == (
        "es",
        "course",
        "City library",
    )
    assert imported.territory


def test_what_is_said_of_a_source_is_shown_and_can_be_changed(editor, imported):
    address = f"{url('choose')}?source={imported.key}"
    form = editor.get(address).context["form"]
    assert "known" not in form.fields
    assert {name: form[name].value() for name in ("name", "language", "kind")} == {
        "name": "Library",
        "language": "es",
        "kind": "course",
    }
    data = {"name": "Libraries", "language": "es", "kind": "event", "pasted": "title\nA\n"}
    assert editor.post(address, data).status_code == 302
    imported.refresh_from_db()
    assert (imported.name, imported.kind, imported.territory) == ("Libraries", "event", None)
    assert f"?source={imported.key}" in editor.get(url("sources")).content.decode()


def test_a_name_stands_for_one_source(editor, imported):
    data = {"name": "Library", "language": "en", "kind": "event", "pasted": "title\nA\n"}
    answer = editor.post(url("choose"), data)
    assert answer.status_code == 200
    assert "There is a source of this name already" in answer.content.decode()
    assert ImportSource.objects.count() == 1
    # Its own name is not another one.
    assert editor.post(f"{url('choose')}?source={imported.key}", data).status_code == 302
    # Who looks at something twice before it is begun makes one source.
    for language in ("en", "es"):
        editor.post(url("choose"), data | {"name": "New", "language": language})
    assert ImportSource.objects.get(name="New").language == "es"
    assert ImportSource.objects.count() == 2


def test_faults_of_a_web_page_are_counted_by_items(editor):
    said = [{"@type": "Event", "name": name, "startDate": "2030-01-01"} for name in ("A", "", "C")]
    data = {"name": "Page", "language": "en", "kind": "event", "pasted": json.dumps(said)}
    editor.post(url("choose"), data)
    run = ImportRun.objects.get()
    page = editor.get(url("run", run.key)).content.decode()
    assert "What is wrong, by item" in page
    assert '<th scope="col">Item</th>' in page
    assert [one["row"] for one in run.faults] == [2]
    assert next(reporting.lines(run)).startswith("Item 2, title: ")


@pytest.mark.parametrize("key", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_a_source_that_is_not_there(editor, key):
    assert editor.get(f"{url('choose')}?source={key}", follow=True).status_code == 404


def test_what_is_there_already_is_decided_side_by_side(editor):
    editor.post(url("start", looked_at(editor, [making.row(1)]).key))
    run = looked_at(editor, [making.row(1, id="other")], name="Second")
    twin = run.source.twins.get()
    assert "There already?" in editor.get(url("run", run.key)).content.decode()
    editor.post(url("decide", run.key), {f"twin-{twin.pk}": "other"})
    again = ImportRun.objects.first()
    assert again.found["new"] == 1
    editor.post(url("start", again.key))
    assert Listing.objects.published().count() == 2


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"url": "https://127.0.0.1/a.csv"}, "private network"),
        ({"pasted": ""}, "one."),
        ({"pasted": "title\nA\n", "name": ""}, "Give the new source a name"),
    ],
)
def test_what_cannot_be_chosen(editor, values, words):
    data = {"name": "X", "language": "en", "kind": "event", **values}
    answer = editor.post(url("choose"), data)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_a_refused_file_says_why_and_can_be_thrown_away(editor):
    data = {"name": "X", "language": "en", "kind": "event"}
    data["file"] = SimpleUploadedFile("a.xlsx", b"PK\x03\x04" + b"0" * 50)
    editor.post(url("choose"), data)
    run = ImportRun.objects.get()
    assert "compressed" in editor.get(url("run", run.key)).content.decode()
    editor.post(url("delete", run.key))
    assert not ImportRun.objects.exists()


def test_a_providers_people_import_for_their_provider_alone(client):
    city = factories.territory_page()
    mine, theirs = (factories.provider_page(city, title) for title in ("Mine", "Theirs"))
    user = factories.UserFactory()
    team = ProviderTeam.objects.get(key=mine.translation_key)
    user.groups.add(team.group)
    # Also with the right of an editor of the whole site.
    user.user_permissions.add(Permission.objects.get(codename="change_importsource"))
    client.force_login(user)
    own = Provider.objects.get(key=mine.translation_key)
    other = Provider.objects.get(key=theirs.translation_key)
    secret = ImportSource.objects.create(name="Secret", language="en", provider=other)
    run = ImportRun.objects.create(source=secret)
    # Not there; such an address may lead to the one of a language, where it is not either.
    assert client.get(url("run", run.key), follow=True).status_code == 404
    assert client.post(url("start", run.key), follow=True).status_code == 404
    run.refresh_from_db()
    assert run.state == RunState.CHECKED
    assert "Secret" not in client.get(url("index")).content.decode()
    data = {"name": "X", "language": "en", "kind": "event", "pasted": "title\nA\n"}
    for wrong in ({"provider": other.pk}, {"provider": own.pk, "known": secret.pk}):
        assert client.post(url("choose"), data | wrong).status_code == 200
    hidden = f"{url('choose')}?source={secret.key}"
    assert client.get(hidden, follow=True).status_code == 404
    # There is one only, so nobody has to choose it.
    form = client.get(url("choose")).context["form"]
    assert f'<option value="{own.pk}" selected>' in str(form["provider"])
    assert client.post(url("choose"), data).status_code == 302
    client.post(url("start", ImportRun.objects.first().key))
    assert Listing.objects.get().provider == own
    # Of two they choose one.
    user.groups.add(ProviderTeam.objects.get(key=theirs.translation_key).group)
    data["name"] = "Y"
    assert client.post(url("choose"), data).status_code == 200
    assert client.post(url("choose"), data | {"provider": other.pk}).status_code == 302


def test_others_do_not_get_in(client):
    assert client.get(url("index")).status_code == 302
    user = factories.UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    assert client.get(url("index")).status_code in (302, 403)
    assert client.post(url("choose")).status_code in (302, 403)
