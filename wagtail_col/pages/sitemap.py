"""The site's sitemap: an index that leads to all pages and to all opportunities.

One file may name 50,000 addresses, so the first one only says where the others are::

    from wagtail_col.pages.sitemap import sitemap_urls

    urlpatterns = [*sitemap_urls(), ...]
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Max
from django.db.models.functions import Coalesce
from django.urls import URLPattern, path
from wagtail.contrib.sitemaps import Sitemap
from wagtail.contrib.sitemaps.views import index, sitemap

from wagtail_col.catalogue.sitemap import ListingSitemap

NAME = "col_sitemap"


class PageSitemap(Sitemap):
    """Wagtail's, which reads every page of the site to say when the last one was changed."""

    def get_latest_lastmod(self) -> datetime | None:
        changed = Coalesce("last_published_at", "latest_revision_created_at")
        return self.items().aggregate(last=Max(changed))["last"]


def sitemap_urls(**more: Any) -> list[URLPattern]:
    """``sitemap.xml``, and ``sitemap-….xml`` for each part of it. ``more``: other sitemaps, by
    name."""
    parts = {"pages": PageSitemap, "opportunities": ListingSitemap, **more}
    return [
        path("sitemap.xml", index, {"sitemaps": parts, "sitemap_url_name": NAME}),
        path("sitemap-<slug:section>.xml", sitemap, {"sitemaps": parts}, name=NAME),
    ]
