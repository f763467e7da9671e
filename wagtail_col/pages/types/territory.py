from __future__ import annotations

import json
from dataclasses import replace
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from wagtail_col.catalogue.facts import TerritoryFacts, Text
from wagtail_col.catalogue.models import Territory, TerritoryKind
from wagtail_col.catalogue.publishing import publish_territory, withdraw_territory
from wagtail_col.geo import check_boundary
from wagtail_col.lines import LineColour
from wagtail_col.pages.sources import merged_texts
from wagtail_col.pages.types.base import RecordPageMixin
from wagtail_col.pages.types.searched import SearchedPageMixin
from wagtail_col.pages.views.territory import territory_context


def check_boundary_text(value: str) -> None:
    """Form and model validation of a boundary typed or pasted as GeoJSON text."""
    if not value.strip():
        return
    try:
        geojson = json.loads(value)
    except (ValueError, RecursionError) as error:
        raise ValidationError(
            _("This is not GeoJSON: %(reason)s"), params={"reason": error}
        ) from error
    check_boundary(geojson)


class TerritoryPageMixin(SearchedPageMixin, RecordPageMixin, models.Model):
    """A region, city or district: its map, its opportunities, its playlists."""

    holds_others = True
    learner_template = "wagtail_col/catalogue/territory.html"
    record_model = Territory

    kind = models.CharField(
        _("kind"), max_length=10, choices=TerritoryKind.choices, default=TerritoryKind.CITY
    )
    introduction = models.TextField(
        _("introduction"), blank=True, help_text=_("One or two sentences under the name.")
    )
    boundary = models.TextField(
        _("boundary"),
        blank=True,
        validators=[check_boundary_text],
        help_text=_(
            "The outline as GeoJSON: open the file your geodata office gave you in a text "
            "editor and paste all of it. Opportunities inside it belong to this territory."
        ),
    )
    colour = models.CharField(
        _("colour"),
        max_length=10,
        choices=LineColour.choices,
        blank=True,
        help_text=_("Empty: the colour of the territory above."),
    )

    content_panels = [
        FieldPanel("kind"),
        FieldPanel("introduction"),
        MultiFieldPanel([FieldPanel("boundary")], heading=_("On the map")),
        FieldPanel("colour"),
    ]

    class Meta:
        abstract = True

    def get_territory(self) -> TerritoryFacts:
        """What this page says of its territory."""
        return TerritoryFacts(
            key=self.translation_key,
            texts=(
                Text(
                    language=self.language,
                    title=self.title,
                    summary=self.introduction,
                    url=self.path_from_root,
                ),
            ),
            kind=self.kind,
            parent=self.nearest(TerritoryPageMixin),
            boundary=json.loads(self.boundary) if self.boundary.strip() else None,
            colour=self.inherited_colour,
        )

    @property
    def inherited_colour(self) -> str:
        if self.colour or not self.path:
            return self.colour or LineColour.TEAL
        for page in self.get_ancestors().order_by("-depth").specific():
            if isinstance(page, TerritoryPageMixin) and page.colour:
                return page.colour
        return LineColour.TEAL

    @classmethod
    def write_record(cls, key: UUID, pages: list) -> None:
        said = [page.get_territory() for page in pages]
        publish_territory(replace(said[0], key=key, texts=merged_texts(said)))

    @classmethod
    def withdraw_record(cls, key: UUID) -> None:
        withdraw_territory(key)

    def record_context(self, request: HttpRequest) -> dict | None:
        return territory_context(request, self.record_key)
