from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

from wagtail_col.catalogue.facts import Date, ListingFacts
from wagtail_col.geo import Point
from wagtail_col.pages.sources import ListingMixin


class EventPage(ListingMixin, Page):
    """An event of the town hall, with the site's own fields and its own template.

    ``ListingMixin`` and ``get_listing`` are all that makes it an opportunity as well: it is on
    the map, in the lists and in the search, and it can be a station of a line.
    """

    intro = models.CharField(_("introduction"), max_length=300)
    body = RichTextField(_("text"), blank=True)
    start = models.DateTimeField(_("starts"))
    end = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    latitude = models.FloatField(
        _("latitude"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.FloatField(
        _("longitude"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    interests = ParentalManyToManyField(
        "col_catalogue.Interest", blank=True, verbose_name=_("interests"), related_name="+"
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        FieldRowPanel([FieldPanel("start"), FieldPanel("end")]),
        FieldPanel("place"),
        FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
        FieldPanel("interests"),
        FieldPanel("body"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
    ]
    parent_page_types = ["events.EventsPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("event of the town hall")
        verbose_name_plural = _("events of the town hall")

    def clean(self) -> None:
        super().clean()
        if self.start and self.end and self.end < self.start:
            raise ValidationError({"end": _("It ends before it starts.")})
        if (self.latitude is None) != (self.longitude is None):
            raise ValidationError({"longitude": _("Give both latitude and longitude, or neither.")})

    def get_listing(self) -> ListingFacts:
        """What Cities of Learning shows of this event."""
        return ListingFacts(
            key=self.translation_key,
            texts=(self.listing_text(summary=self.intro),),
            kind="event",
            dates=(Date(starts_at=self.start, ends_at=self.end),),
            venue=self.place,
            point=None if self.latitude is None else Point(self.longitude, self.latitude),
            interests=tuple(interest.slug for interest in self.interests.all()),
            is_free=True,
        )


class EventsPage(Page):
    """The list of the town hall's events."""

    intro = models.CharField(_("introduction"), max_length=300, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types = ["home.HomePage"]
    subpage_types = ["events.EventPage"]

    class Meta:
        verbose_name = _("list of events")
        verbose_name_plural = _("lists of events")

    def get_context(self, request, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        context["events"] = EventPage.objects.child_of(self).live().public().order_by("start")
        return context
