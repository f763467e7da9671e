"""How far it is on the map, the same in the database and over arrays.

In map coordinates (Mercator) the great circle is short to write. With n and λ the two coordinates
in radians, h = sin²(d / 2R) = (sinh²(Δn/2) + sin²(Δλ/2)) / (cosh n₁ · cosh n₂), because
cos φ = 1 / cosh n and sin φ = tanh n.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.db.models import F, FloatField, Value
from django.db.models.functions import ASin, Exp, Floor, Least, Sin, Sqrt

from wagtail_col.geo import WORLD, Point, to_map

from .cells import Window

RADIUS_KM = 6371.0088
#: Radians of one map coordinate.
STEP = 2 * math.pi / WORLD


@dataclass(frozen=True)
class Around:
    """A place on the map to measure from."""

    x: int
    y: int

    @classmethod
    def point(cls, point: Point) -> Around:
        return cls(*to_map(point))

    @property
    def north(self) -> float:
        """n of the place."""
        return math.pi - self.y * STEP

    def window(self, km: float) -> Window:
        """A part of the map that holds everything within so many kilometres."""
        angle = km / RADIUS_KM
        lat = math.atan(math.sinh(self.north))
        south, north = lat - angle, lat + angle
        if north >= math.pi / 2 - 0.05 or south <= 0.05 - math.pi / 2:
            return Window(0, 0, WORLD, WORLD)
        wide = math.asin(min(1.0, math.sin(angle) / math.cos(lat))) / STEP + 1
        west, east = math.floor(self.x - wide), math.ceil(self.x + wide)
        if west < 0 or east > WORLD:
            # Over the date line.
            west, east = 0, WORLD
        top = (math.pi - math.asinh(math.tan(north))) / STEP
        bottom = (math.pi - math.asinh(math.tan(south))) / STEP
        return Window(west, math.floor(top) - 1, east, math.ceil(bottom) + 1)

    def metres(self, x: str = "x", y: str = "y"):
        """An expression of the database: whole metres from here to fields of map coordinates."""
        dy = (F(y) - Value(float(self.y), FloatField())) * Value(STEP / 2, FloatField())
        dx = (F(x) - Value(float(self.x), FloatField())) * Value(STEP / 2, FloatField())
        n = Value(math.pi, FloatField()) - F(y) * Value(STEP, FloatField())
        half = Value(0.5, FloatField())
        sinh = (Exp(dy) - Exp(dy * Value(-1.0, FloatField()))) * half
        cosh = (Exp(n) + Exp(n * Value(-1.0, FloatField()))) * half
        h = (sinh * sinh + Sin(dx) * Sin(dx)) / (cosh * Value(math.cosh(self.north), FloatField()))
        angle = ASin(Sqrt(Least(h, Value(1.0, FloatField())))) * Value(
            2000 * RADIUS_KM, FloatField()
        )
        return Floor(angle, output_field=FloatField())
