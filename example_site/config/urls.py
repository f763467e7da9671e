from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from example_site.home.views import LanguageView
from wagtail_col.pages.sitemap import sitemap_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("django-admin/", admin.site.urls),
    path("documents/", include(wagtaildocs_urls)),
    path("accounts/", include("allauth.urls")),
    path("language/", LanguageView.as_view(), name="language"),
    path("i18n/", include("django.conf.urls.i18n")),
    *sitemap_urls(),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
    path("", include("wagtail_col.urls")),
]

# Wagtail's patterns take whatever is left, so they come last.
urlpatterns += i18n_patterns(path("", include(wagtail_urls)))
