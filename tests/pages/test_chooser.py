"""Finding an opportunity by words and place, in whatever language its page is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale

from tests import factories
from tests.pages import editing
from wagtail_col.catalogue.models import Listing, Territory
from wagtail_col.pages.admin.chooser import listing_chooser
from wagtail_col.pages.standard.models import PlaylistPage

pytestmark = pytest.mark.django_db

FAR = '{"type": "Polygon", "coordinates": [[[10, 50], [11, 50], [11, 51], [10, 51], [10, 50]]]}'


@pytest.fixture
def boss(client):
    client.force_login(editing.superuser())
    return client


@pytest.fixture
def city():
    return factories.territory_page(title="Ciudad")


def found(client, **query) -> list[str]:
    response = client.get(reverse("col_listing_chooser:choose_results"), query)
    assert response.status_code == 200
    return [str(listing) for listing in response.context["results"]]


def test_steps_are_chosen_with_it():
    reverse("col_listing_chooser:choose")  # Wagtail reads its hooks with the addresses.
    form = PlaylistPage.get_edit_handler().get_form_class()
    widget = form.formsets["steps"].form.base_fields["listing"].widget
    assert isinstance(widget, listing_chooser.widget_class)


def test_only_editors_choose(client, city):
    factories.opportunity_page(city)
    url = reverse("col_listing_chooser:choose")
    assert client.get(url).status_code == 302


def test_words_without_accents_in_any_order(boss, city):
    factories.opportunity_page(city, title="Música en la calle", venue="Plaza Ñandú")
    factories.opportunity_page(city, title="Robots", summary="We build them")
    assert found(boss, q="MUSICA") == ["Música en la calle"]
    assert found(boss, q="calle nandu") == ["Música en la calle"]
    assert found(boss, q="build") == ["Robots"]
    assert found(boss, q="build musica") == []
    assert len(found(boss)) == 2
    assert found(boss, q="100% '; --") == []


def test_an_opportunity_whose_page_is_in_another_language(boss, city):
    slovene, _made = Locale.objects.get_or_create(language_code="sl")
    page = factories.opportunity_page(city, title="Pottery")
    copy = page.copy_for_translation(slovene, copy_parents=True)
    copy.title = "Lončarstvo"
    factories.publish(copy)
    assert Listing.objects.count() == 1
    assert found(boss, q="loncarstvo") == ["Pottery"]
    page.unpublish()
    assert found(boss, q="loncarstvo") == ["Lončarstvo"]


def test_a_place_and_all_below_it(boss, city):
    district = factories.territory_page(city, title="Distrito", boundary="")
    other = factories.territory_page(title="Other", boundary=FAR)
    factories.opportunity_page(city, title="In the city", point="")
    factories.opportunity_page(district, title="In the district", point="")
    factories.opportunity_page(other, title="Far away", point="SRID=4326;POINT(10.5 50.5)")
    path = {str(one): one.path for one in Territory.objects.all()}
    assert sorted(found(boss, place=path["Ciudad"])) == ["In the city", "In the district"]
    assert found(boss, place=path["Distrito"]) == ["In the district"]
    response = boss.get(reverse("col_listing_chooser:choose"))
    choices = response.context["filter_form"].fields["place"].choices
    assert [label for _path, label in choices] == [
        "Everywhere",
        "Ciudad",
        "\xa0\xa0Distrito",
        "Other",
    ]
    assert found(boss, place="nonsense/") != []  # Not a place: nothing is left out.


def test_only_what_is_published(boss, city):
    page = factories.opportunity_page(city)
    factories.opportunity_page(city, title="Draft", live=False)
    listing = Listing.objects.get(key=page.translation_key)
    chosen = reverse("col_listing_chooser:chosen", args=[listing.pk])
    assert found(boss) == ["Workshop"]
    assert boss.get(chosen).json()["result"]["title"] == "Workshop"
    page.unpublish()
    assert found(boss) == []
    assert boss.get(chosen, follow=True).status_code == 404
    nonsense = reverse("col_listing_chooser:chosen", args=["x"])
    assert boss.get(nonsense, follow=True).status_code == 404


def test_it_says_when_and_where_and_what_is_over_comes_last(boss, city):
    past = timezone.now() - timezone.timedelta(days=30)
    factories.opportunity_page(city, title="Past", starts=past)
    factories.opportunity_page(city, title="Coming", venue="Medialab")
    assert found(boss) == ["Coming", "Past"]
    html = boss.get(reverse("col_listing_chooser:choose_results")).content.decode()
    assert "Medialab, Ciudad" in html
    assert "Over" in html
    assert "Event" in html


def test_titles_are_text(boss, city):
    factories.opportunity_page(city, title="<img src=x onerror=alert(1)>")
    html = boss.get(reverse("col_listing_chooser:choose_results")).content.decode()
    assert "<img src=x" not in html


def test_queries_do_not_grow(boss, city):
    factories.opportunity_page(city, title="One")
    found(boss)
    with CaptureQueriesContext(connection) as few:
        found(boss)
    for number in range(6):
        factories.opportunity_page(city, title=f"More {number}")
    with CaptureQueriesContext(connection) as many:
        found(boss)
    assert len(many) == len(few)
