"""An opportunity's page says which badge it gives, and the record follows the page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from wagtail_col.learning.models import OpportunityBadge

pytestmark = pytest.mark.django_db


@pytest.fixture
def badge(db):
    badge = factories.AchievementFactory()
    badge.texts.update(name="Sound <maker>")
    return badge


@pytest.fixture
def page(badge):
    return factories.opportunity_page(factories.territory_page(), achievement=badge)


def test_publishing_writes_the_badge_down_and_withdrawing_takes_it_away(page, badge):
    row = OpportunityBadge.objects.get()
    assert (row.listing.key, row.achievement) == (page.translation_key, badge)
    page.unpublish()
    assert not OpportunityBadge.objects.exists()
    factories.publish(page)
    assert OpportunityBadge.objects.get().achievement == badge
    page.refresh_from_db()
    page.achievement = None
    factories.publish(page)
    assert not OpportunityBadge.objects.exists()


def test_the_page_shows_the_badge_it_counts_for(client, page, badge):
    said = client.get(page.url).content.decode()
    assert "The badge it counts for" in said
    assert "Sound &lt;maker&gt;" in said
    assert f'href="{badge.get_absolute_url()}?lang=en"' in said
    assert "col-terminus__badge" in said


def test_a_badge_that_is_no_longer_published_is_not_shown(client, page, badge):
    assert "The badge it counts for" in client.get(page.url).content.decode()
    badge.unpublish()
    assert "The badge it counts for" not in client.get(page.url).content.decode()


def test_a_page_without_a_badge_says_nothing_of_one(client):
    page = factories.opportunity_page(factories.territory_page())
    assert "badge" not in client.get(page.url).content.decode()


def test_a_kept_page_asks_nothing_of_badges(client, page):
    client.get(page.url)
    with CaptureQueriesContext(connection) as queries:
        client.get(page.url)
    assert "col_badges_" not in str([query["sql"] for query in queries])
