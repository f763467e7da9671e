"""Badges, interests and the issuer in the editors' menu."""

from __future__ import annotations

import wagtail
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_col.badges.models import Achievement, Issuer
from wagtail_col.catalogue.models import Interest
from wagtail_col.pages.admin import badge_views
from wagtail_col.pages.admin.languages import OneTextALanguage
from wagtail_col.pages.widgets import IconSelect, LanguageSelect


class BadgesViewSet(SnippetViewSet):
    """Achievements: drafts, workflow and preview as pages have them."""

    model = Achievement
    icon = "col-badge"
    menu_label = _("Badges")
    menu_item_is_registered = True
    base_url_path = "learning/badges"
    chooser_base_url_path = "learning/choose-badge"
    chooser_viewset_class = badge_views.BadgeChooserViewSet
    workflow_action_view_class = badge_views.WorkflowActionView
    collect_workflow_action_data_view_class = badge_views.CollectWorkflowActionDataView
    workflow_preview_view_class = badge_views.WorkflowPreviewView
    list_display = ["__str__", "issuer", "place"]
    edit_handler = ObjectList(
        [
            InlinePanel(
                "texts",
                heading=_("What the badge says"),
                label=_("text in one language"),
                min_num=1,
                panels=[
                    FieldPanel("language", widget=LanguageSelect),
                    FieldPanel("name"),
                    FieldPanel("description"),
                    FieldPanel("criteria"),
                ],
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("colour"), FieldPanel("icon", widget=IconSelect)]),
                    FieldPanel("place"),
                ],
                heading=_("How it looks"),
            ),
            FieldPanel("issuer"),
        ],
        base_form_class=OneTextALanguage,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Achievement]:
        return Achievement.objects.select_related("issuer").prefetch_related("texts")


class InterestsViewSet(SnippetViewSet):
    """The site's own short list, in the order learners see it."""

    model = Interest
    icon = "tag"
    menu_label = _("Interests")
    menu_item_is_registered = True
    base_url_path = "learning/interests"
    chooser_base_url_path = "learning/choose-interest"
    list_display = ["__str__", "slug"]
    sort_order_field = "position"
    edit_handler = ObjectList(
        [
            InlinePanel(
                "names",
                heading=_("Names"),
                label=_("name in one language"),
                min_num=1,
                panels=[
                    FieldRowPanel(
                        [FieldPanel("language", widget=LanguageSelect), FieldPanel("name")]
                    )
                ],
            ),
            FieldPanel("slug"),
            FieldPanel("icon", widget=IconSelect(optional=True)),
        ],
        base_form_class=OneTextALanguage,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Interest]:
        return Interest.objects.prefetch_related("names")


class IssuerPolicy(ModelPermissionPolicy):
    """An issuer is made once and never removed: badges out in the world name it."""

    def user_has_permission(self, user, action: str) -> bool:
        if action == "delete" or (action == "add" and Issuer.objects.exists()):
            return False
        return super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


class IssuersViewSet(ModelViewSet):
    """Who signs the badges. Its short name is part of its identity, so it is not edited."""

    model = Issuer
    name = "col_issuers"
    url_prefix = "learning/issuers"
    icon = "site"
    menu_label = _("Issuer")
    list_display = ["name", "url", "email"]
    panels = [
        FieldPanel("name", help_text=_("As it should stand on every badge.")),
        FieldPanel("url"),
        FieldPanel("email"),
        FieldPanel("description"),
    ]

    if wagtail.VERSION < (8, 0):
        permission_policy = IssuerPolicy(Issuer)


def register_policies() -> None:
    """Wagtail 8 keeps policies in a registry; before, the viewset says its own."""
    if wagtail.VERSION >= (8, 0):
        from wagtail.permissions import register_permission_policy

        register_permission_policy(Issuer, IssuerPolicy(Issuer))


SNIPPETS = (BadgesViewSet, InterestsViewSet)
