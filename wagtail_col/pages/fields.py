"""Form fields of the editor's side."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wagtail_col.geo import Point, check_point, format_point, parse_point
from wagtail_col.pages.widgets import PointInput

_NUMBER = r"([+-]?\d{1,3}(?:[.,]\d+)?)"
_TYPED = re.compile(rf"^\s*{_NUMBER}\s*(?:[,;]\s*|\s)\s*{_NUMBER}\s*$")


def read_point(text: str) -> Point:
    """A point as people write it: latitude, then longitude, "40.4168, -3.7038".

    A decimal comma is understood as well, and the form in which points are stored. Raises
    ValidationError, with what to write instead, for anything else and outside the world.
    """
    if text.upper().startswith("SRID"):
        return parse_point(text)
    match = _TYPED.match(text)
    if not match:
        raise ValidationError(
            _("Write latitude and longitude with a comma between them, for example %(example)s."),
            code="point",
            params={"example": "40.4168, -3.7038"},
        )
    lat, lon = (float(number.replace(",", ".")) for number in match.groups())
    return check_point(lon, lat)


class PointField(forms.CharField):
    """A point on the map, typed or clicked; its value is what ``geo.parse_point`` reads."""

    widget = PointInput

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return format_point(read_point(text)) if text else ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return parse_point(initial or "") != parse_point(self.to_python(data))
        except ValidationError:
            return True
