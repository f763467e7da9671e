"""Which source a file or an address is of; what of a source is kept, and when."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.catalogue.importing import making
from tests.catalogue.importing.test_command import imported, written
from tests.catalogue.importing.test_scheduled import answering
from tests.serving import Server
from wagtail_col.catalogue.importing import going_on, origins
from wagtail_col.catalogue.models import ImportRun, ImportSource, Listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def host(settings):
    server = Server(answering([making.row(1), making.row(2)]))
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "FETCH_PRIVATE_HOSTS": [server.host]}
    yield server
    server.listening.close()


def sources() -> dict[str, str]:
    return dict(ImportSource.objects.values_list("name", "url"))


def test_two_feeds_of_one_host_are_two_sources(host):
    one, two = (f"http://{host.host}/{name}.csv" for name in ("one", "two"))
    assert imported(one, "--daily") == 0
    host.answer = answering([making.row(3)])
    assert imported(two, "--daily") == 0
    name = host.host.partition(":")[0]
    assert sources() == {name: one, f"{name}/two.csv": two}
    assert Listing.objects.published().count() == 3
    # Each is known again by its address.
    assert imported(two) == 0
    assert ImportRun.objects.latest("pk").same == 1
    assert len(sources()) == 2
    assert ImportSource.objects.filter(is_daily=True).count() == 2


def test_an_address_that_is_refused_does_not_take_the_place_of_another(host, capsys):
    one = f"http://{host.host}/one.csv"
    assert imported(one, "--source", "Library") == 0
    host.answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    assert imported(f"{one}x", "--source", "Library", "--language", "es") == 2
    assert "is not kept" in capsys.readouterr().out
    assert sources() == {"Library": one}
    assert ImportSource.objects.get().language == "en"
    # Nor of one whose items nobody said may go.
    host.answer = answering([making.row(8), making.row(9)])
    assert imported(f"{one}x", "--source", "Library") == 2
    assert sources() == {"Library": one}
    assert imported(f"{one}x", "--source", "Library", "--withdraw-many") == 0
    assert sources() == {"Library": f"{one}x"}


def test_another_file_of_the_same_name_does_not_wipe_the_first(tmp_path, capsys):
    assert imported(written(tmp_path, [making.row(1), making.row(2)])) == 0
    assert "Source: library (new)" in capsys.readouterr().out
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    other = written(elsewhere, [making.row(3), making.row(4), making.row(5)])
    assert imported(other) == 2
    said = capsys.readouterr().out
    assert "Source: library (known)" in said
    assert "2 of 2 items" in said and "--withdraw-many" in said
    assert set(Listing.objects.published().values_list("source_id", flat=True)) == {"n-1", "n-2"}
    assert imported(other, "--source", "Elsewhere") == 0
    assert Listing.objects.published().count() == 5
    # One of one is not worth a question.
    alone = written(tmp_path, [making.row(6)], "alone.csv")
    assert imported(alone) == 0
    assert imported(written(tmp_path, [making.row(7)], "alone.csv")) == 0
    assert Listing.objects.published().count() == 6


def test_a_file_is_not_of_a_source_that_stands_at_an_address(tmp_path):
    making.source(name="library", url="https://library.example/agenda.csv")
    assert imported(written(tmp_path, [making.row(1)])) == 0
    assert set(sources()) == {"library", "library 2"}


def test_what_was_said_is_kept_once_rows_went_in(tmp_path):
    path = written(tmp_path, [making.row(1), making.row(2, price="abc")])
    assert imported(path, "--language", "es") == 1
    assert not ImportSource.objects.exists()
    assert imported(path, "--language", "es", "--good-rows") == 1
    assert imported(path, "--language", "sl") == 1
    assert ImportSource.objects.get().language == "es"


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("file:///etc/passwd", "https://"),
        ("ftp://library.example/agenda.csv", "https://"),
        ("javascript://%0aalert(1)", "https://"),
        ("https://[::1/agenda.csv", "not a complete web address"),
        ("https://", "not a complete web address"),
    ],
)
@pytest.mark.parametrize("options", [(), ("--check",), ("--daily",)])
def test_other_addresses_are_refused_in_words(what, words, options, capsys):
    assert imported(what, *options) == 2
    assert words in capsys.readouterr().out
    assert not ImportSource.objects.exists()


def test_options_nobody_can_follow(tmp_path):
    path = written(tmp_path, [making.row(1)])
    for options in (("--encoding", "nothing"), ("--source", "x" * 121)):
        with pytest.raises(CommandError):
            call_command("import_listings", str(path), *options)
    with pytest.raises(CommandError):
        call_command("import_listings", f"https://library.example/{'x' * 2000}")
    assert not ImportSource.objects.exists()


def test_of_several_of_one_name_the_key_says_which(tmp_path):
    one, two = making.source(name="Twice"), making.source(name="Twice")
    path = written(tmp_path, [making.row(1)])
    with pytest.raises(CommandError, match=str(one.key)):
        call_command("import_listings", str(path), "--source", "Twice")
    assert imported(path, "--source", str(two.key)) == 0
    assert two.runs.count() == 1


def test_free_names_end_with_a_number_and_fit():
    long = "x" * 200
    for expected in ("x" * 120, "x" * 118 + " 2", "x" * 118 + " 3"):
        assert origins.free_name(long) == expected
        making.source(name=expected)


def test_sources_of_which_nothing_was_begun_go_after_a_week(tmp_path):
    long_ago = timezone.now() - going_on.KEPT - timedelta(hours=1)
    never, fresh, daily = (making.source(name=name) for name in ("Never", "Fresh", "Daily"))
    ImportSource.objects.filter(pk=daily.pk).update(is_daily=True)
    assert imported(written(tmp_path, [making.row(1)])) == 0
    ImportRun.objects.create(source=never, made_at=long_ago)
    ImportRun.objects.create(source=fresh)
    ImportSource.objects.update(made_at=long_ago)
    going_on.forget()
    assert set(sources()) == {"Fresh", "Daily", "library"}
