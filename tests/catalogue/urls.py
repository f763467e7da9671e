"""A site whose sitemap holds pages and opportunities without a page."""

from django.urls import include, path
from wagtail import urls as wagtail_urls

from wagtail_col.pages.sitemap import sitemap_urls

urlpatterns = [
    *sitemap_urls(),
    path("", include("wagtail_col.urls")),
    path("", include(wagtail_urls)),
]
