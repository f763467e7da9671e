"""Badges, skills and interests in the editors' menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import wagtail
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    ObjectList,
)
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_col.badges import permissions
from wagtail_col.badges.models import Achievement
from wagtail_col.catalogue.models import Interest
from wagtail_col.pages.admin import badge_views
from wagtail_col.pages.admin.badge_form import BadgeForm
from wagtail_col.pages.admin.badge_panels import DrawingPanel, RequirementsPanel, TemplatesPanel
from wagtail_col.pages.admin.languages import OneTextALanguage
from wagtail_col.pages.admin.skills import SkillsViewSet, skill_chooser
from wagtail_col.pages.widgets import IconSelect, LanguageSelect


class WideColumn(Column):
    """A field of badges that phones have no room for."""

    class Media:
        css = {"all": ["wagtail_col/css/admin/badges.css"]}

    def __init__(self, field: str) -> None:
        label = capfirst(Achievement._meta.get_field(field).verbose_name)
        super().__init__(field, label=label, sort_key=field, classname="col-wide-only")


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
    add_view_class = badge_views.AddView
    list_display = ["__str__", LiveStatusTagColumn(), WideColumn("issuer"), WideColumn("place")]
    edit_handler = ObjectList(
        [
            TemplatesPanel(heading=_("Start from a template")),
            InlinePanel(
                "texts",
                heading=_("What the badge says"),
                label=_("text in one language"),
                help_text=_(
                    "A learner gets the badge in their language, or in the nearest one there is."
                ),
                min_num=1,
                panels=[
                    FieldPanel("language", widget=LanguageSelect),
                    FieldPanel("name", help_text=_("Short: it stands on the badge’s ring.")),
                    FieldPanel("description"),
                    FieldPanel("criteria"),
                ],
            ),
            MultiFieldPanel(
                [
                    DrawingPanel(heading=_("The badge")),
                    FieldRowPanel(
                        [
                            FieldPanel("shape"),
                            FieldPanel("colour"),
                            FieldPanel("icon", widget=IconSelect),
                        ]
                    ),
                    FieldPanel("place"),
                    FieldPanel("upload"),
                    FieldPanel("remove_picture"),
                ],
                heading=_("How it looks"),
            ),
            MultipleChooserPanel(
                "skills",
                chooser_field_name="skill",
                heading=_("Skills"),
                label=_("skill"),
                help_text=_(
                    "What somebody with this badge has shown they can do. Employers and badge "
                    "wallets find the badge by these."
                ),
                panels=[FieldPanel("skill", widget=skill_chooser.widget_class)],
            ),
            FieldPanel(
                "level",
                help_text=_("At which level somebody with this badge can do it. It is optional."),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("assessment"),
                    RequirementsPanel(
                        "requirements",
                        heading=_("Other badges"),
                        label=_("badge that is needed"),
                        help_text=_(
                            "With badges listed here, this one is given by itself to whoever has "
                            "them, also to those who have them already."
                        ),
                        panels=[
                            FieldPanel("required"),
                            FieldPanel("elsewhere"),
                            FieldPanel("name"),
                        ],
                    ),
                    FieldPanel("needed"),
                ],
                heading=_("How it is earned"),
                help_text=_(
                    "A badge can also be given at the end of a playlist, for an opportunity, by "
                    "a code, from a list or by hand. Choose it there; here is nothing to fill in "
                    "for these."
                ),
            ),
            MultiFieldPanel(
                [FieldPanel("lasts_months"), FieldPanel("issuer")],
                heading=_("How long it lasts, and who gives it"),
            ),
        ],
        base_form_class=BadgeForm,
    )

    if wagtail.VERSION < (8, 0):
        permission_policy = badge_views.BadgePolicy(Achievement)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Achievement]:
        return (
            permissions.awardable_by(request.user)
            .select_related("issuer")
            .prefetch_related("texts")
        )

    def construct_view(self, view_class: type, **kwargs: Any) -> Callable[..., HttpResponse]:
        return badge_views.own_only(super().construct_view(view_class, **kwargs))


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


def register_policies() -> None:
    """Wagtail 8 keeps policies in a registry; before, the viewset says its own."""
    if wagtail.VERSION >= (8, 0):
        from wagtail.permissions import register_permission_policy

        register_permission_policy(Achievement, badge_views.BadgePolicy(Achievement))


SNIPPETS = (BadgesViewSet, SkillsViewSet, InterestsViewSet)
