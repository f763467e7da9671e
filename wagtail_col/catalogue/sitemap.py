"""Opportunities without a page of their own, for the site's sitemap.

Pages are in Wagtail's sitemap already; ``wagtail_col.pages.sitemap`` puts both together.
Wagtail hands the request to its own class; ours takes it as well and does not need it.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from wagtail_col.catalogue.models import Listing, ListingText
from wagtail_col.catalogue.search import Query


class ListingSitemap(Sitemap):
    """What is published, not over and shown by the record's own page."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        self.request = request

    def items(self) -> QuerySet[Listing]:
        pages = ListingText.objects.filter(listing=OuterRef("pk")).exclude(url="")
        return Query().listings().filter(~Exists(pages)).order_by("pk").only("key", "modified_at")

    def location(self, item: Listing) -> str:
        return reverse("col_catalogue:listing", args=[item.key])

    def lastmod(self, item: Listing) -> datetime:
        return item.modified_at

    def get_latest_lastmod(self) -> datetime | None:
        """When the last one was changed, without reading all of them."""
        return self.items().aggregate(last=Max("modified_at"))["last"]
