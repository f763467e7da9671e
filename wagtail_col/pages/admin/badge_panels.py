"""Panels of a badge's form: templates to start from, the drawing, what it asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.http import urlencode
from wagtail.admin.panels import InlinePanel, Panel

from wagtail_col.badges.art.drawing import BadgeArt
from wagtail_col.badges.models import BadgeShape
from wagtail_col.lines import LineColour
from wagtail_col.pages.admin.badge_form import RequirementForm
from wagtail_col.pages.admin.badge_templates import TEMPLATES

MEDIA = forms.Media(
    css={"all": ["wagtail_col/css/admin/badges.css"]}, js=["wagtail_col/js/admin/badge.js"]
)


def drawing_url(**values: Any) -> str:
    """Where the drawing of a badge with these values is: what ``drawn`` reads."""
    return f"{reverse('col_admin_draw_badge')}?{urlencode(values)}"


def drawn(values: dict[str, str], outline: list | None = None) -> BadgeArt:
    """A badge from what stands in a form, in whatever state that is."""
    colour, shape = values.get("colour"), values.get("shape")
    return BadgeArt(
        name=values.get("name", "")[:200],
        colour=colour if colour in LineColour.values else LineColour.TEAL.value,
        icon=values.get("icon", "")[:50],
        outline=outline or None,
        place=values.get("place", "")[:100],
        shape=shape if shape in BadgeShape.values else BadgeShape.ROUND.value,
    )


class TemplatesPanel(Panel):
    """On the form of a new badge: a choice of badges to start from."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_col/pages/badge_templates.html"

        def is_shown(self) -> bool:
            return self.instance.pk is None and super().is_shown()

        def get_context_data(self, parent_context: dict | None = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            context["templates"] = [
                {
                    "title": one.title,
                    "explanation": one.explanation,
                    "url": f"?{urlencode({'template': one.slug})}",
                    "picture": drawing_url(
                        name=str(one.name),
                        shape=str(one.shape),
                        colour=str(one.colour),
                        icon=one.icon,
                    ),
                }
                for one in TEMPLATES
            ]
            return context

        @property
        def media(self) -> forms.Media:
            return super().media + MEDIA


class DrawingPanel(Panel):
    """The badge as it will look, drawn again whenever its form changes."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_col/pages/badge_drawing.html"

        def get_context_data(self, parent_context: dict | None = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            badge = self.instance
            text = badge.text
            about = {"badge": badge.pk} if badge.pk else {}
            context |= {
                "url": f"{reverse('col_admin_draw_badge')}?{urlencode(about)}",
                "picture": drawing_url(
                    name=text.name if text else "",
                    shape=badge.shape,
                    colour=badge.colour,
                    icon=badge.icon,
                    place=badge.place,
                    **about,
                ),
                "own": reverse("col_badges:picture", args=[badge.picture.key])
                if badge.picture_id
                else "",
            }
            return context

        @property
        def media(self) -> forms.Media:
            return super().media + MEDIA


class RequirementsPanel(InlinePanel):
    """The badges that a badge asks for, each checked as a whole."""

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        options["formsets"][self.relation_name]["form"] = RequirementForm
        return options
