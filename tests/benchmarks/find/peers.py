"""What Wagtail itself has for the same task, as far as that is comparable."""

from __future__ import annotations

import uuid

from django.db import connection
from django.test import Client

from tests.benchmarks.timing import Row, compare

#: Texts in Wagtail's search index: beyond that a single search takes many seconds on SQLite.
MOST_TEXTS = 20_000
#: Pages in Wagtail's tree.
MOST_PAGES = 100_000
BATCH = 2_000


def wagtail_search(backend: str, n: int, floor) -> Row:
    """Wagtail's database search for a word in 5 % of as many texts: the twenty best, no counts.

    The texts are the very same, as indexed Django models: title, summary and place, as ours.
    """
    from wagtail.search.backends import get_search_backend

    from wagtail_col.catalogue.models import ListingText

    engine = get_search_backend("default")
    index = engine.get_index_for_model(ListingText)
    n = min(n, MOST_TEXTS)
    texts = ListingText.objects.filter(listing__source="bench").order_by("pk")[:n]
    texts = list(texts.select_related("listing"))
    for start in range(0, n, BATCH):
        index.add_items(ListingText, texts[start : start + BATCH])
    analyse()

    def ask() -> None:
        if not list(engine.search("guitar", ListingText.objects.all(), operator="and")[:20]):
            raise RuntimeError("Wagtail's search found nothing")

    return compare("peer-wagtail-search", backend, n, ask, floor, rounds=5, warming=1)


def wagtail_api(backend: str, n: int) -> Row:
    """Wagtail's API v2: twenty of as many plain pages, no filter. Floor: an empty view."""
    n = min(n, MOST_PAGES)
    plant(n)
    client = Client()

    def ask() -> None:
        answered = client.get("/bench-api/pages/", {"limit": "20", "offset": "20"})
        if answered.status_code != 200 or len(answered.json()["items"]) != 20:
            raise RuntimeError(f"the API answered {answered.status_code}")

    return compare(
        "peer-wagtail-api", backend, n, ask, lambda: client.get("/bench-empty"), rounds=20
    )


def plant(n: int) -> None:
    """So many pages below the home page, as rows: Wagtail saves five a second at this size."""
    from django.contrib.contenttypes.models import ContentType
    from django.utils import timezone
    from wagtail.models import Page

    from example_site.home.models import HomePage

    home = HomePage.objects.filter(locale__language_code="en").first()
    kind, now, there = ContentType.objects.get_for_model(Page), timezone.now(), home.numchild
    for start in range(0, n, BATCH):
        Page.objects.bulk_create(
            Page(
                title=f"Opportunity {number}",
                draft_title=f"Opportunity {number}",
                slug=f"bench-{number}",
                path=Page._get_path(home.path, home.depth + 1, there + number + 1),
                depth=home.depth + 1,
                url_path=f"{home.url_path}bench-{number}/",
                translation_key=uuid.uuid4(),
                locale_id=home.locale_id,
                content_type=kind,
                live=True,
                first_published_at=now,
                last_published_at=now,
            )
            for number in range(start, min(start + BATCH, n))
        )
    Page.objects.filter(pk=home.pk).update(numchild=there + n)
    analyse()


def analyse() -> None:
    """What PostgreSQL does by itself after a while, done at once."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
