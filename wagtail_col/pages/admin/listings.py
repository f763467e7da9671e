"""Lists of all opportunities, playlists, providers and territories an editor may see.

They need the concrete page types. A site with a base page of its own makes such lists for its own
types, if it wants them.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.listing import IndexView, PageFilterSet
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.permissions import page_permission_policy

from wagtail_col.pages.standard.models import (
    OpportunityPage,
    PlaylistPage,
    ProviderPage,
    TerritoryPage,
)


class EditorsMenuItem(MenuItem):
    """Shown to whoever may edit some page."""

    def is_shown(self, request) -> bool:
        actions = {"add", "change", "publish", "bulk_delete", "lock", "unlock"}
        return page_permission_policy.user_has_any_permission(request.user, actions)


def _filters(page_model: type, *names: str) -> type[PageFilterSet]:
    class Filters(PageFilterSet):
        class Meta(PageFilterSet.Meta):
            model = page_model
            fields = [*PageFilterSet.Meta.fields, *names]

    return Filters


def _columns(*more: Column) -> list[Column]:
    """Wagtail's own columns, ours after the title."""
    base = list(IndexView.base_columns)
    return [*base[:2], *more, *base[2:]]


class _PagesViewSet(PageListingViewSet):
    menu_item_class = EditorsMenuItem


class OpportunitiesViewSet(_PagesViewSet):
    name = "col_opportunities"
    url_prefix = "learning/opportunities"
    menu_label = _("Opportunities")
    icon = "calendar-alt"
    model = OpportunityPage
    columns = _columns(Column("kind", label=_("Kind"), accessor="get_kind_display"))
    filterset_class = _filters(OpportunityPage, "kind", "is_online", "is_free")


class PlaylistsViewSet(_PagesViewSet):
    name = "col_playlists"
    url_prefix = "learning/playlists"
    menu_label = _("Playlists")
    icon = "col-line"
    model = PlaylistPage
    columns = _columns(Column("achievement", label=_("Badge"), accessor="achievement"))


class ProvidersViewSet(_PagesViewSet):
    name = "col_providers"
    url_prefix = "learning/providers"
    menu_label = _("Providers")
    icon = "group"
    model = ProviderPage


class TerritoriesViewSet(_PagesViewSet):
    name = "col_territories"
    url_prefix = "learning/territories"
    menu_label = _("Territories")
    icon = "globe"
    model = TerritoryPage
    columns = _columns(Column("kind", label=_("Kind"), accessor="get_kind_display"))
    filterset_class = _filters(TerritoryPage, "kind")


LISTS = (OpportunitiesViewSet, PlaylistsViewSet, ProvidersViewSet, TerritoriesViewSet)
