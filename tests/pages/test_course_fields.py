"""Online courses in the editor's forms: which may be chosen, and what stays."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from tests.lti import build
from tests.pages import editing
from wagtail_col.lti.models import ToolState

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return factories.territory_page()


@pytest.fixture
def boss(client):
    client.force_login(editing.superuser())
    return client


@pytest.fixture
def tool():
    return build.make_tool()


@pytest.fixture
def line(city):
    steps = [{"link": "https://example.org/", "title": "Read"}]
    return factories.playlist_page(city, steps, title="Line")


def catalogues(page) -> str:
    return reverse("col_admin_courses", args=[page.pk])


def draft(page):
    """The newest draft, as it is in the database."""
    return type(page).objects.get(pk=page.pk).get_latest_revision_as_object()


def steps(page) -> list:
    return list(draft(page).steps.all())


def edit(client, page) -> str:
    return client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()


def test_the_way_to_the_catalogues_is_on_the_pages_that_have_courses(boss, city, line):
    opportunity = factories.opportunity_page(city)
    for page in (line, opportunity):
        html = edit(boss, page)
        assert html.count(catalogues(page)) >= 2
        assert "Save this page first" in html
    assert "Add online course" not in edit(boss, city)
    add_page = reverse(
        "wagtailadmin_pages:add", args=["col_pages_standard", "playlistpage", city.pk]
    )
    assert "Save this page once" in boss.get(add_page).content.decode()


def test_a_step_chooses_among_the_courses_offered_here(boss, city, line, tool):
    course = build.make_course(tool, title="Stars <b>")
    build.make_course(build.make_tool(offered_to=["another city"]), title="Far away")
    html = edit(boss, line)
    assert "Stars &lt;b&gt; — Course house" in html
    assert 'data-col-title="Stars &lt;b&gt;"' in html
    assert "Far away" not in html
    data = editing.playlist_form(
        [{"course": str(course.key), "pass_percent": "70"}], slug=line.slug
    )
    response = boss.post(reverse("wagtailadmin_pages:edit", args=[line.pk]), data)
    assert response.status_code == 302
    new = steps(line)[-1]
    assert (new.course, new.pass_percent) == (course.key, 70)


@pytest.mark.parametrize("what", ["suspended", "offered elsewhere", "gone"])
def test_a_course_that_stands_in_a_step_stays_when_the_form_is_sent_back(boss, city, what):
    tool = build.make_tool()
    course = build.make_course(tool)
    page = factories.playlist_page(
        city, [{"course": course.key}, {"course": course.key}], title="L"
    )
    if what == "gone":
        course.delete()
    elif what == "suspended":
        tool.state = ToolState.SUSPENDED
    else:
        tool.offered_to = ["another city"]
    tool.save()
    html = edit(boss, page)
    assert (
        "no longer here" if what == "gone" else "First aid — Course house (not offered here)"
    ) in html
    rows = [
        {"id": str(step.pk), "course": str(course.key), "ORDER": str(n)}
        for n, step in enumerate(page.steps.all())
    ]
    data = editing.playlist_form(rows, initial=2, slug=page.slug)
    response = boss.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
    assert response.status_code == 302
    assert [step.course for step in steps(page)] == [course.key] * 2


def test_an_opportunity_chooses_its_course(boss, city, tool):
    course = build.make_course(tool)
    page = factories.opportunity_page(city)
    dates = (("2031-03-01 10:00", "2031-03-01 12:00"),)
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    good = editing.opportunity_form(dates, slug=page.slug, course=str(course.key))
    assert boss.post(url, good).status_code == 302
    assert draft(page).course == course.key
    unknown = editing.opportunity_form(dates, slug=page.slug, course=str(uuid.uuid4()))
    response = boss.post(url, unknown)
    assert "Select a valid choice" in str(response.context["form"].errors["course"])


def test_queries_of_the_editor_do_not_grow_with_courses(boss, city, tool):
    few = factories.playlist_page(city, [{"course": build.make_course(tool).key}], title="Few")
    many = factories.playlist_page(
        city, [{"course": build.make_course(tool).key} for _ in range(6)], title="Many"
    )
    for page in (few, many):
        edit(boss, page)
    with CaptureQueriesContext(connection) as one:
        edit(boss, few)
    with CaptureQueriesContext(connection) as six:
        edit(boss, many)
    assert len(six) <= len(one)


def test_a_site_without_online_courses_shows_nothing_of_them(boss, line, city, monkeypatch):
    course = uuid.uuid4()
    page = factories.playlist_page(city, [{"course": course, "pass_percent": 50}], title="Had one")
    for module in ("course_fields", "panels", "admin.courses", "admin.buttons"):
        monkeypatch.setattr(f"wagtail_col.pages.{module}.are_there", lambda: False)
    html = edit(boss, page)
    assert "online course" not in html.lower()
    assert 'name="steps-0-course"' not in html
    assert "pass_percent" not in html
    assert boss.get(catalogues(line), follow=True).status_code == 404
    rows = [{"id": str(page.steps.get().pk), "title": "Kept", "ORDER": "0"}]
    data = editing.playlist_form(rows, initial=1, slug=page.slug)
    data = {name: value for name, value in data.items() if "-course" not in name}
    response = boss.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
    assert response.status_code == 302
    assert [(step.course, step.pass_percent) for step in steps(page)] == [(course, 50)]
    opportunity = factories.opportunity_page(city)
    assert "online course" not in edit(boss, opportunity).lower().replace(
        "the online course is", ""
    )
