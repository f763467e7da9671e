"""Opportunities without a page of their own are in the sitemap; nothing private is."""

import pytest
from django.test import override_settings

from tests import factories
from tests.catalogue import making
from wagtail_col.catalogue.facts import Text
from wagtail_col.catalogue.models import Listing
from wagtail_col.catalogue.publishing import withdraw_listing

pytestmark = pytest.mark.django_db


@override_settings(ROOT_URLCONF="tests.catalogue.urls")
def test_pages_and_opportunities_each_once(client):
    city = factories.territory_page()
    page = factories.opportunity_page(city, title="With a page")
    private = factories.opportunity_page(city, title="Private")
    private.view_restrictions.create(restriction_type="login")
    imported = making.listing("Imported")
    elsewhere = making.listing("Other", texts=(Text(language="en", title="O", url="/en/other/"),))
    over = making.listing("Over", dates=(making.on(-4),))
    withdrawn = making.listing("Withdrawn")
    withdraw_listing(withdrawn.key)
    xml = client.get("/sitemap.xml").content.decode()
    assert xml.count(f"/col/opportunities/{imported.key}/") == 1
    assert xml.count("/with-a-page/") == 1
    assert "private" not in xml
    for listing in (elsewhere, over, withdrawn, Listing.objects.get(key=page.translation_key)):
        assert str(listing.key) not in xml
    assert str(private.translation_key) not in xml
