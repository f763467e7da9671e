"""Pages far below are found in a constant number of queries, and nobody's say is skipped."""

import pytest
from wagtail.models import Page
from wagtail_factories import PageFactory

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return factories.territory_page()


def test_pages_of_every_depth_answer(client, city):
    district = factories.territory_page(city, title="Centro", boundary="")
    library = factories.provider_page(district)
    page = factories.opportunity_page(library)
    for each in (city, district, library, page):
        assert client.get(each.url).status_code == 200
    assert client.get(f"{library.url}nothing/").status_code == 404
    assert client.get(f"{city.url}nothing/workshop/").status_code == 404
    assert client.get(f"{city.url}library/workshop/").status_code == 404


def test_what_is_not_live_does_not_answer(client, city):
    library = factories.provider_page(city)
    page = factories.opportunity_page(library)
    page.unpublish()
    assert client.get(page.url).status_code == 404
    page.save_revision().publish()
    library.unpublish()
    # As in Wagtail: what lies below a page that is not live has its own life.
    assert client.get(page.url).status_code == 200


def test_two_queries_however_deep(city, rf, django_assert_num_queries):
    region = factories.territory_page(city, title="North", boundary="")
    district = factories.territory_page(region, title="Far", boundary="")
    library = factories.provider_page(district)
    page = factories.opportunity_page(library)
    slugs = page.url_path.removeprefix(city.url_path).strip("/").split("/")
    assert len(slugs) == 4
    with django_assert_num_queries(2):
        found = city.route(rf.get("/"), slugs)
    assert found.page == page


def test_a_page_on_the_way_that_routes_itself_is_asked(city, rf, monkeypatch):
    other = PageFactory(parent=city, title="Other")
    page = factories.opportunity_page(other)
    asked = []
    route = Page.route

    def noted(self, request, components):
        asked.append(self.title)
        return route(self, request, components)

    monkeypatch.setattr(Page, "route", noted)
    slugs = page.url_path.removeprefix(city.url_path).strip("/").split("/")
    assert city.route(rf.get("/"), slugs).page == page
    assert "Other" in asked
