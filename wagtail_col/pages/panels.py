"""Panels of the editor's side: the point on the map, the address, the steps beside their line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Max, Min
from django.urls import reverse
from wagtail.admin.panels import FieldPanel, InlinePanel, Panel

from wagtail_col.catalogue.models import Territory
from wagtail_col.geo import Box
from wagtail_col.lines import LineColour
from wagtail_col.pages.course_fields import are_there, step_form
from wagtail_col.pages.fields import PointField
from wagtail_col.pages.rule_reading import read_page
from wagtail_col.pages.widgets import AddressInput, PointInput


class AddressPanel(FieldPanel):
    """An address, with a button that finds it on the map of the point beside it."""

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        if not self.read_only:
            options["widgets"] = {self.field_name: self.widget or AddressInput}
        return options


class PointPanel(FieldPanel):
    """A point (``SRID=4326;POINT(lng lat)`` in a CharField) on a map, or typed.

    ``address_field``: the name of a field with an ``AddressPanel`` in the same form.
    """

    def __init__(self, *args: Any, address_field: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address_field = address_field

    def clone_kwargs(self) -> dict[str, Any]:
        return super().clone_kwargs() | {"address_field": self.address_field}

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        if not self.read_only:
            widget = self.widget or PointInput(address_field=self.address_field)
            options["widgets"] = {self.field_name: widget}
            options["field_classes"] = {self.field_name: PointField}
        return options

    class BoundPanel(FieldPanel.BoundPanel):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            if self.bound_field is not None:
                # The form's own copy of the widget.
                self.bound_field.field.widget.box = box_around(
                    getattr(self.form, "parent_page", None)
                )


def box_around(page: Any) -> Box | None:
    """Where things below a page are: the box of the nearest published territory above it, else
    of all the site's territories; None when there is none with a boundary."""
    territories = Territory.objects.published().filter(west__isnull=False)
    if page is not None and page.path:
        keys = page.get_ancestors(inclusive=True).values_list("translation_key", flat=True)
        around = max(
            territories.filter(key__in=list(keys)), key=lambda t: t.path.count("/"), default=None
        )
        if around:
            return around.box
    sides = territories.aggregate(Min("west"), Min("south"), Max("east"), Max("north"))
    return None if None in sides.values() else Box(*sides.values())


class StepsPanel(InlinePanel):
    """The steps of a playlist, and beside them the line they make, drawn as one arranges them."""

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        formset = options["formsets"][self.relation_name]
        formset["form"] = step_form(formset.get("form"))
        formset["inherit_kwargs"] = [*(formset.get("inherit_kwargs") or ()), "courses"]
        return options

    class BoundPanel(InlinePanel.BoundPanel):
        template_name = "wagtail_col/pages/steps_panel.html"

        def get_context_data(self, parent_context: dict | None = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            context["colours"] = LineColour.values
            return context

        @property
        def media(self) -> forms.Media:
            return super().media + forms.Media(
                css={"all": ["wagtail_col/css/col.css", "wagtail_col/css/admin/steps.css"]},
                js=["wagtail_col/js/admin/steps.js"],
            )


class RulePanel(Panel):
    """The rule in plain words as a learner reads it, and whom a change of it touches."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_col/pages/rule_panel.html"

        def get_context_data(self, parent_context: dict | None = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            page = self.instance
            context["original"] = _original(page)
            if page.pk:
                context["url"] = reverse("col_admin_rule", args=[page.pk])
            else:
                parent = getattr(self.form, "parent_page", None)
                meta = page._meta
                context["url"] = parent and reverse(
                    "col_admin_new_rule", args=[parent.pk, meta.app_label, meta.model_name]
                )
            context["reading"] = None if context["original"] else read_page(page)
            return context

        @property
        def media(self) -> forms.Media:
            return super().media + forms.Media(
                css={"all": ["wagtail_col/css/admin/rule.css"]},
                js=["wagtail_col/js/admin/rule.js"],
            )


def _original(page: Any) -> Any:
    """The live page whose steps count, where that is a translation of this one."""
    if not page.pk:
        return None
    first = type(page).objects.filter(translation_key=page.translation_key, live=True)
    first = first.order_by("pk").select_related("locale").first()
    return first if first and first.pk < page.pk and first.locale_id != page.locale_id else None


class CoursesPanel(Panel):
    """The way to the catalogues of course providers, from a page that has been saved once."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_col/pages/courses_panel.html"

        def is_shown(self) -> bool:
            return are_there() and not self.instance.alias_of_id

        def get_context_data(self, parent_context: dict | None = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            page = self.instance
            context["url"] = reverse("col_admin_courses", args=[page.pk]) if page.pk else ""
            return context
