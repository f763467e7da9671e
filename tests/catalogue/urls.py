"""A site whose sitemap holds pages and opportunities without a page."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.contrib.sitemaps import Sitemap
from wagtail.contrib.sitemaps.views import sitemap

from wagtail_col.catalogue.sitemap import ListingSitemap

sitemaps = {"pages": Sitemap, "opportunities": ListingSitemap}

urlpatterns = [
    path("sitemap.xml", sitemap, {"sitemaps": sitemaps}),
    path("", include("wagtail_col.urls")),
    path("", include(wagtail_urls)),
]
