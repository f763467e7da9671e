"""Widgets of the editor's side: a point on a map, an address, choices that settings give.

The map is wagtailgeowidget's, with these differences: Leaflet and the base map are files of this
site, messages are set as text and translated when they are shown, an empty point stays empty,
and the value is a text field of its own, so that it works without a script.
"""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.telepath import register
from wagtail.admin.telepath.widgets import WidgetAdapter
from wagtailgeowidget.widgets import GeocoderField, LeafletField

from wagtail_col.badges.art.icons import ICONS
from wagtail_col.catalogue.models import Access
from wagtail_col.conf import languages, settings
from wagtail_col.geo import Box, parse_point

#: What a map shows that has nothing better to show.
EUROPE = Box(-11.0, 35.0, 32.0, 61.0)


class PointInput(LeafletField):
    """A point, as text "latitude, longitude" above a map. ``box``: what the map shows first."""

    input_type = "text"
    template_name = "wagtail_col/pages/point_input.html"
    box: Box | None = None

    def format_value(self, value: Any) -> str:
        try:
            point = parse_point(value or "")
        except ValidationError:
            return value  # What was typed comes back as it was.
        return f"{point.lat:.6f}, {point.lon:.6f}" if point else ""

    def build_attrs(self, base_attrs: dict, extra_attrs: dict | None = None) -> dict:
        # Not the parent's: it adds a controller with a default place and tiles from elsewhere.
        attrs = forms.TextInput.build_attrs(self, base_attrs, extra_attrs)
        return attrs | {
            "data-controller": "col-point",
            "data-col-point-options-value": json.dumps(self.options()),
            "placeholder": "40.4168, -3.7038",
            "autocomplete": "off",
        }

    def options(self) -> dict[str, Any]:
        """What the script has to know."""
        return {
            "addressField": self.address_field,
            "box": self.box or EUROPE,
            "tiles": settings.MAP_TILES,
            "base": static("wagtail_col/map/europe.json"),
            "boundaries": reverse("col_admin_boundaries"),
            "messages": {
                "map": _("Map. Click to set the point, arrow keys move the map."),
                "marker": _("The point. Drag it to where it belongs."),
                "unreadable": _(
                    "Write latitude and longitude with a comma between them, "
                    "for example 40.4168, -3.7038."
                ),
                "outside": _(
                    "This is outside the world: latitude goes from -90 to 90, "
                    "longitude from -180 to 180."
                ),
                "zoomIn": _("Zoom in"),
                "zoomOut": _("Zoom out"),
            },
        }

    def render(self, name: str, value: Any, attrs: dict | None = None, renderer: Any = None) -> str:
        # The parent's puts its own markup after the field; ours is in the template.
        return forms.TextInput.render(self, name, value, attrs, renderer)

    @cached_property
    def media(self) -> forms.Media:
        return forms.Media(
            css={
                "all": [
                    "js_lib_leaflet/leaflet.css",
                    "wagtailgeowidget/css/leaflet-field.css",
                    "wagtail_col/css/admin/fields.css",
                ]
            },
            js=[
                "js_lib_leaflet/leaflet.js",
                "wagtailgeowidget/js/leaflet-field.js",
                "wagtail_col/js/admin/point.js",
            ],
        )


class AddressInput(GeocoderField):
    """An address with a button that asks this site's server where it is."""

    template_name = "wagtail_col/pages/address_input.html"

    def build_attrs(self, base_attrs: dict, extra_attrs: dict | None = None) -> dict:
        attrs = forms.TextInput.build_attrs(self, base_attrs, extra_attrs)
        return attrs | {
            "data-col-address-target": "input",
            "data-action": "keydown.enter->col-address#find:prevent",
        }

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["places_url"] = reverse("col_admin_places")
        return context

    @property
    def media(self) -> forms.Media:
        return forms.Media(
            css={"all": ["wagtail_col/css/admin/fields.css"]},
            js=["wagtail_col/js/admin/address.js"],
        )


# The parents' adapters write a default place into an empty field.
register(WidgetAdapter(), PointInput)
register(WidgetAdapter(), AddressInput)


class Choices(forms.CheckboxSelectMultiple):
    """Some of a list, each with a box to tick, in columns."""

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__({"class": "col-choices"} | (attrs or {}))

    @property
    def media(self) -> forms.Media:
        return forms.Media(css={"all": ["wagtail_col/css/admin/fields.css"]})


class LongChoices(Choices):
    """Some of a long list, which scrolls."""

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__({"class": "col-choices col-choices--long"} | (attrs or {}))


class AccessChoices(Choices):
    """Some values of ``Access`` to tick, kept in one text with a space between."""

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs)
        self.choices = Access.choices

    def format_value(self, value: Any) -> list[str]:
        return (value or "").split()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        return " ".join(super().value_from_datadict(data, files, name) or ())


class LanguageSelect(forms.Select):
    """One of the languages the site writes in."""

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs, choices=lambda: list(languages().items()))


class CourseSelect(forms.Select):
    """An online course. ``titles``: by value, what the line beside the steps calls it."""

    titles: dict[str, str] = {}

    def __init__(self, attrs: dict | None = None, choices: Any = ()) -> None:
        super().__init__({"class": "col-course"} | (attrs or {}), choices)

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if title := self.titles.get(str(value)):
            option["attrs"]["data-col-title"] = title
        return option

    @property
    def media(self) -> forms.Media:
        return forms.Media(css={"all": ["wagtail_col/css/admin/fields.css"]})


class IconSelect(forms.Select):
    """One of our pictures. ``optional``: or none of them."""

    def __init__(self, attrs: dict | None = None, *, optional: bool = False) -> None:
        none = [("", "—")] if optional else []
        super().__init__(attrs, choices=lambda: none + [(name, icon_label(name)) for name in ICONS])


def icon_label(name: str) -> str:
    """What an icon is called."""
    labels = {
        "star": _("Star"),
        "music": _("Music"),
        "art": _("Art"),
        "theatre": _("Theatre"),
        "film": _("Film"),
        "dance": _("Dance"),
        "books": _("Books"),
        "science": _("Science"),
        "technology": _("Technology"),
        "nature": _("Nature"),
        "sport": _("Sport"),
        "food": _("Food"),
        "history": _("History"),
        "languages": _("Languages"),
        "making": _("Making things"),
        "community": _("Community"),
        "games": _("Games"),
    }
    return labels.get(name, name)
