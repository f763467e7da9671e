from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from wagtail_col.pages.sitemap import sitemap_urls

urlpatterns = [
    path("django-admin/", admin.site.urls),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("accounts/", include("django.contrib.auth.urls")),
    *sitemap_urls(),
    path("", include("wagtail_col.urls")),
]

# Wagtail's patterns take whatever is left, so they come last.
urlpatterns += i18n_patterns(path("", include(wagtail_urls)))
