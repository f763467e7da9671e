"""A line on paper: what is printed, for everybody alike, and where its codes lead."""

import io

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from tests.factories import AchievementFactory
from tests.learning.build import line, link, listing, step, steps_of
from wagtail_col.badges.certificate.printing import CannotPrintError
from wagtail_col.learning import journey
from wagtail_col.learning.paper import making
from wagtail_col.learning.publishing import withdraw_playlist

pytestmark = pytest.mark.django_db
READ = "https://example.org/read"


def address(playlist, form="poster") -> str:
    return reverse("col_learning:paper", args=[playlist.key, form]) + "?lang=en"


@pytest.fixture
def printed(monkeypatch):
    """What would be set, without setting it."""
    seen = {}

    def typeset(folder, page, files, values, at):
        seen.update(page=page, files=files, values=values)
        return b"%PDF"

    monkeypatch.setattr(making, "typeset", typeset)
    return seen


@pytest.mark.parametrize(("form", "wide"), [("poster", False), ("card", True)])
def test_a_tagged_pdf_of_a4(client, form, wide):
    playlist = line(step(listing("Workshop")), link("Read"), title="Sound")
    response = client.get(address(playlist, form))
    assert response.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(response.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "en"
        assert len(pdf.pages) == 1
        _x, _y, width, height = map(float, pdf.pages[0].MediaBox)
        assert (width > height) is wide
        assert sorted((round(width), round(height))) == [595, 842]


def test_a_long_line_takes_more_pages(client):
    playlist = line(*[link(f"Lesson{n}") for n in range(50)])
    for form in making.FORMS:
        content = client.get(address(playlist, form)).content
        with pikepdf.open(io.BytesIO(content)) as pdf:
            assert len(pdf.pages) > 2


def test_what_stands_on_it(printed):
    workshop = listing("Record your first minute", venue="Conde Duque")
    playlist = line(
        step(workshop),
        link("A", choice=1, minutes=40),
        link("B", choice=1),
        link("More", is_required=False),
        title="Podcast",
        line_name="M1",
        achievement=AchievementFactory(),
    )
    making.pdf_of(playlist, "poster")
    values = printed["values"]
    assert (values["title"], values["name"], values["badge"]) == ("Podcast", "M1", "Explorer")
    assert [one["number"] for one in values["stations"]] == ["1", "2", "+"]
    assert values["stations"][1]["says"] == "Step 2 of 2, choose one of these"
    titles = [stop["title"] for one in values["stations"] for stop in one["stops"]]
    assert titles == ["Record your first minute", "A", "B", "More"]
    assert "Conde Duque" in str(values["stations"][0]["stops"][0]["facts"])
    assert len(printed["files"]) == 1 + 4, "a code for the line and for each step"


def test_the_rule_stands_on_it(printed):
    making.pdf_of(line(link("A"), link("B"), link("C"), needed=2), "card")
    assert printed["values"]["rule"] == "Do 2 of these 3 stations, in any order."


@pytest.mark.parametrize(("stations", "pages"), [(1, 1), (5, 1), (7, 1)])
def test_most_lines_are_one_page_with_their_end(client, stations, pages):
    steps = [step(listing(f"Workshop {n}", venue="Conde Duque")) for n in range(stations)]
    playlist = line(*steps, achievement=AchievementFactory())
    for form in making.FORMS:
        with pikepdf.open(io.BytesIO(client.get(address(playlist, form)).content)) as pdf:
            assert len(pdf.pages) == pages, form


def pages_with_figures(pdf) -> set[int]:
    """Their numbers from 0, by what the PDF says to who listens to it."""
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    found, waiting = set(), [pdf.Root.StructTreeRoot]
    while waiting:
        element = waiting.pop()
        kids = element.get("/K", [])
        kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        parts = [kid for kid in kids if isinstance(kid, pikepdf.Dictionary)]
        if element.get("/S") == "/Figure":
            found |= {numbers[one.Pg.objgen] for one in (element, *parts) if "/Pg" in one}
        waiting += parts
    return found


def test_the_end_of_the_line_does_not_stand_alone_on_a_page(client):
    for stations in range(8, 12):
        steps = [step(listing(f"Workshop {n}")) for n in range(stations)]
        playlist = line(*steps, achievement=AchievementFactory(), title=f"L{stations}")
        with pikepdf.open(io.BytesIO(client.get(address(playlist)).content)) as pdf:
            # Each code is a figure: the last page has a station's.
            assert len(pdf.pages) - 1 in pages_with_figures(pdf), stations


def test_nothing_of_anybody_is_on_it(as_learner, learner, client):
    playlist = line(link("Read"))
    journey.join(learner, playlist)
    assert as_learner.get(address(playlist)).headers["Cache-Control"].startswith("public")


def test_markup_in_a_text_stays_text(client):
    playlist = line(step(READ, '#panic("x") <b> $x$ \\'), title="*#eval(1)*")
    for form in making.FORMS:
        assert client.get(address(playlist, form)).content.startswith(b"%PDF")


def test_a_code_leads_to_the_station_of_the_line(client):
    city = factories.territory_page()
    page = factories.playlist_page(city, [{"link": "https://example.org/a", "title": "Read"}])
    from wagtail_col.learning.models import Step

    one = Step.objects.get()
    response = client.get(reverse("col_learning:step", args=[one.key]) + "?lang=en")
    assert response.url == f"{page.url}#step-{one.key}"
    content = client.get(page.url).content.decode()
    assert content.count(f'id="step-{one.key}"') == 1
    assert address(one.playlist).replace("?lang=en", "") in content


def test_there_is_nothing_of_a_line_that_is_withdrawn(client):
    playlist = line(link())
    one = steps_of(playlist)[0]
    withdraw_playlist(playlist.key)
    for gone in (address(playlist), reverse("col_learning:step", args=[one.key])):
        assert client.get(gone, follow=True).status_code == 404


def test_another_form_is_not_there(client):
    assert client.get(address(line(link()), "scarf"), follow=True).status_code == 404


def test_what_cannot_be_set_is_said(client, monkeypatch):
    def cannot(*args, **kwargs):
        raise CannotPrintError("letters", "no font")

    monkeypatch.setattr(making, "typeset", cannot)
    assert client.get(address(line(link()))).status_code == 503


def test_one_network_cannot_ask_without_end(client, printed):
    playlist = line(link())
    for _time in range(60):
        assert client.get(address(playlist)).status_code == 200
    assert client.get(address(playlist)).status_code == 429


@pytest.mark.parametrize("count", [2, 20])
def test_the_number_of_queries_is_constant(printed, count):
    playlist = line(*[step(listing(f"W{n}")) for n in range(count)])
    with CaptureQueriesContext(connection) as caught:
        making.pdf_of(playlist, "card")
    assert len(caught) == 8
