from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_col.geo import Box, Point
from wagtail_col.lines import LineColour
from wagtail_col.records import Record, RecordQuerySet, best_text


class TerritoryKind(models.TextChoices):
    REGION = "region", _("Region")
    CITY = "city", _("City")
    DISTRICT = "district", _("District")


class TerritoryQuerySet(RecordQuerySet):
    def within(self, territory: Territory):
        """The territory itself and every one below it."""
        return self.filter(path__startswith=territory.path)


class Territory(Record):
    """A region, city or district. A tree; each with its own boundary or none."""

    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="children"
    )
    #: Keys of the ancestors and of itself, hexadecimal with a slash after each: a prefix finds
    #: everything below a territory in one query, and it does not change when a parent is rewritten.
    path = models.CharField(max_length=400, db_index=True, editable=False)
    kind = models.CharField(
        _("kind"), max_length=10, choices=TerritoryKind.choices, default=TerritoryKind.CITY
    )
    boundary = models.JSONField(_("boundary"), null=True, blank=True)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    centre_lon = models.FloatField(null=True)
    centre_lat = models.FloatField(null=True)
    colour = models.CharField(
        _("colour"), max_length=10, choices=LineColour.choices, default=LineColour.TEAL
    )
    position = models.PositiveIntegerField(default=0)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        text = self.text
        return text.name if text else str(self.key)

    @property
    def text(self) -> TerritoryText | None:
        return best_text(self.texts.all())

    @property
    def box(self) -> Box | None:
        if self.west is None:
            return None
        return Box(self.west, self.south, self.east, self.north)

    @property
    def centre(self) -> Point | None:
        if self.centre_lon is None:
            return None
        return Point(self.centre_lon, self.centre_lat)


class TerritoryText(models.Model):
    """A territory in one language."""

    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=20)
    name = models.CharField(max_length=255)
    introduction = models.TextField(blank=True)
    url = models.CharField(max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "language"], name="col_one_territory_text_a_language"
            )
        ]

    def __str__(self) -> str:
        return self.name
