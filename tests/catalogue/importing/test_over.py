"""What is over is imported and not found: somebody has to be told before."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.catalogue.importing import making
from tests.catalogue.importing.test_command import imported, written
from wagtail_col.catalogue.models import ImportRun, Listing
from wagtail_col.catalogue.search import Query

pytestmark = pytest.mark.django_db


def days(number: int) -> str:
    return f"{timezone.localdate() + timedelta(days=number):%Y-%m-%d}"


def test_what_is_over_is_counted_as_what_is_not_found(tmp_path, capsys):
    rows = [
        making.row(1, start=days(-9)),
        making.row(2, start=days(-400), end=days(-2), **{"time": "", "end time": ""}),
        # Still going on: an exhibition, the whole of today, and what is there at any time.
        making.row(3, start=days(-9), end=days(9), **{"time": "", "end time": ""}),
        making.row(4, start=days(0), **{"time": "", "end time": ""}),
        making.row(5, start="", **{"time": "", "end time": ""}),
        making.row(6, start=days(9)),
    ]
    path = written(tmp_path, rows)
    said = "2 of the new and changed ones are over already and will not be found."
    for options in (("--check",), ()):
        assert imported(path, *options) == 0
        assert said in capsys.readouterr().out
    assert Listing.objects.count() == 6
    assert Query().listings().count() == 4
    # Nothing is written of them again.
    assert imported(path) == 0
    assert "over already" not in capsys.readouterr().out


@pytest.mark.skipif(not making.MADRID.exists(), reason="Madrid's raw file is not here")
def test_a_file_of_last_year(capsys):
    assert imported(making.MADRID, "--language", "es") == 0
    run = ImportRun.objects.get()
    assert run.found["over"] == run.new - Query().listings().count() > 0
    assert f"{run.found['over']} of the new and changed ones" in capsys.readouterr().out
