"""The demo as `make demo` loads it, once, in a process of its own with its own database."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests import prepared

# Loaded once, also when several workers share the tests.
pytestmark = pytest.mark.xdist_group("demo")

ROOT = Path(__file__).resolve().parent.parent.parent
MANAGE = ROOT / "example_site" / "manage.py"
WALK = Path(__file__).parent / "walk_demo.py"


def run(data: Path, *arguments, **more: str) -> str:
    dropped = ("EXAMPLE_", "DJANGO_", "TEST_DATABASE", "PYTEST_", "COV_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    done = subprocess.run(
        [sys.executable, *arguments],
        env={
            **kept,
            "EXAMPLE_DATA_DIR": str(data),
            "EXAMPLE_BASE_URL": "http://127.0.0.1:8000",
            "DJANGO_SETTINGS_MODULE": "example_site.config.settings",
            **more,
        },
        cwd=data,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> tuple[Path, str]:
    """The folder of a loaded demo, and what the command said."""
    data = tmp_path_factory.mktemp("demo")
    prepared.set_up_example_site(data, lambda: run(data, MANAGE, "migrate", "--verbosity", "0"))
    return data, run(data, MANAGE, "load_demo")


@pytest.fixture(scope="module")
def walk(demo) -> dict:
    """What is there and what its pages answer (`walk_demo`)."""
    return json.loads(run(demo[0], WALK).splitlines()[-1])


def rows(data: Path) -> list[str]:
    with sqlite3.connect(data / "site.sqlite3") as database:
        return sorted(database.iterdump())


def test_madrid_has_what_was_promised(walk):
    counts = walk["counts"]
    assert counts["events"] == counts["events that are not over"] == 1991
    # Where the badge's steps were done; everything else lies ahead.
    assert counts["events that have begun"] == 2
    assert counts["events with a place"] >= 1500
    assert counts["events in a district"] >= 1500
    assert counts["districts"] == 21
    assert counts["courses"] >= 40
    assert counts["providers"] >= 6
    assert counts["playlists"] >= 5
    assert len(counts["kinds"]) == 8


def test_what_editors_wrote_has_pages_of_its_own(walk):
    assert walk["counts"]["written here"] >= 12 + 8


def test_the_sites_own_events_are_on_the_map(walk):
    assert walk["counts"]["town hall"] == walk["counts"]["town hall on the map"] == 3


def test_every_line_ends_in_a_badge_and_every_local_step_has_a_code(walk):
    # One line is of the other place, and one badge is for other badges.
    assert walk["counts"]["badges"] == walk["counts"]["playlists"] + 2
    assert walk["counts"]["local steps without a code"] == 0
    assert walk["counts"]["steps that are links"] >= 1


def test_learners_are_at_different_stages(walk):
    assert walk["counts"]["joined"] == ["ana", "ines", "leo", "marko", "zoe"]
    assert walk["counts"]["done"] == ["ana", "leo", "marko"]
    assert walk["counts"]["awards"] == 1


def test_the_youth_groups_organiser_can_say_who_was_there(walk):
    group = walk["group"]
    assert group["may confirm"] == [
        "Code club for families",
        "First steps with a 3D printer",
        "Repair your bicycle",
    ]
    # Marko and Leo, and the cards of Aisha and Diego.
    assert group["waiting"] == 4
    assert "Saved: 4 people." in group["saved"]
    assert 'name="who"' not in group["saved"]


def test_slovenia_is_nested_and_its_line_is_one_in_two_languages(walk):
    slovenia = walk["slovenia"]
    assert slovenia["quarters"] == 17
    assert slovenia["languages"] == slovenia["badge"] == ["en", "sl"]
    assert slovenia["same steps"]
    assert slovenia["steps"] == 6
    assert [url.split("/")[1] for url in slovenia["urls"]] == ["en", "sl"]


def test_pages_answer(walk):
    assert walk["status"].pop("/") == 302
    assert walk["status"].pop("/admin/") == 302
    assert set(walk["status"].values()) == {200}, walk["status"]


def test_the_tour_leads_to_map_line_badge_verification_and_editor(walk):
    tour = walk["tour"]
    assert len(tour) == 5
    assert tour[0] == "/en/madrid/"
    assert tour[1].startswith("/en/madrid/")
    assert tour[2] == walk["badge page"]
    assert tour[3] == walk["verify page"]
    assert tour[4] == "/admin/"


def test_the_badge_verifies(walk):
    assert walk["valid"]


def test_a_learner_is_named_only_where_she_chose_to_be(walk):
    names = walk["names"]
    assert set(names) == {"ana", "ines", "leo", "marko", "zoe"}
    for name in ("ines", "leo", "marko", "zoe"):
        assert names[name] == [], name
    assert walk["badge page"] in names["ana"]
    assert all(path.startswith(walk["badge page"]) for path in names["ana"])


def test_what_is_held_about_learners_is_declared_and_in_their_copy(walk):
    assert "data/account.EmailAddress.json" in walk["copy"]
    assert {"record.pdf", "data/auth.User.json"} <= set(walk["copy"])
    # What Wagtail and Django keep of who works for the site.
    staff = ("wagtail", "admin.", "home.", "events.")
    assert [model for model in walk["undeclared"] if not model.startswith(staff)] == []


def test_the_site_says_whose_data_it_shows_and_that_dates_were_moved(walk):
    for said in ("datos.madrid.es", "their dates were moved", "Register prostorskih enot"):
        assert said in walk["home"]


def test_search_engines_are_told_how_to_look_for_something(walk):
    [said] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', walk["home"])
    data = json.loads(said)
    assert data["@type"] == "WebSite"
    target = data["potentialAction"]["target"]["urlTemplate"]
    assert target == "http://127.0.0.1:8000/en/madrid/?q={search_term_string}"


def test_the_sitemap_has_pages_and_listings(walk):
    assert walk["sitemap"].count("<loc>") > 1991 + 100
    assert "http://127.0.0.1:8000/en/madrid/" in walk["sitemap"]


def test_the_command_says_where_to_go_and_who_may_log_in(demo):
    said = demo[1]
    for words in (
        "http://127.0.0.1:8000/",
        "/admin/",
        "'demo'",
        "ana@example.org",
        "editor",
        "/col/guardian/",
    ):
        assert words in said


def test_a_second_run_changes_nothing_but_the_port_when_that_is_another(demo):
    data = demo[0]
    before = rows(data)
    moved = run(data, MANAGE, "load_demo", EXAMPLE_BASE_URL="http://127.0.0.1:8123")
    assert "there already" in moved
    changed = set(rows(data)) ^ set(before)
    assert len(changed) == 2
    assert all("wagtailcore_site" in row for row in changed)
    assert "there already" in run(data, MANAGE, "load_demo")
    assert rows(data) == before
