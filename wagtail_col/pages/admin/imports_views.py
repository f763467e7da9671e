"""What the screens of imports share: who may import what, and their frame."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_col.catalogue.models import ImportSource, Provider
from wagtail_col.pages.models import ProviderTeam

NAME = "col_imports"
#: Rows on one page of the history, and of the faults.
PAGE = 50


def url(name: str, *args: Any) -> str:
    return reverse(f"{NAME}:{name}", args=args)


def provider_keys(user) -> list:
    """Keys of the providers in whose team somebody is."""
    return list(
        ProviderTeam.objects.filter(group__in=user.groups.all()).values_list("key", flat=True)
    )


def is_editor(user) -> bool:
    """Whether somebody may import for everybody: whoever is in a team may not."""
    if user.is_superuser:
        return True
    return user.has_perm("col_catalogue.change_importsource") and not provider_keys(user)


def may_import(user) -> bool:
    return user.is_active and (is_editor(user) or bool(provider_keys(user)))


def sources_of(user) -> QuerySet[ImportSource]:
    sources = ImportSource.objects.select_related("provider", "territory")
    if is_editor(user):
        return sources
    return sources.filter(provider__key__in=provider_keys(user))


def providers_of(user) -> QuerySet[Provider]:
    providers = Provider.objects.published().prefetch_related("texts")
    return providers if is_editor(user) else providers.filter(key__in=provider_keys(user))


class ImportersMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return may_import(request.user)


class ImportView(WagtailAdminTemplateMixin, TemplateView):
    header_icon = "upload"
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_import(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        start = {"url": url("index"), "label": _("Import")}
        return [*self.breadcrumbs_items, start, {"url": "", "label": self.get_page_title()}]
