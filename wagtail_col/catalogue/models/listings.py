from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from wagtail_col.conf import settings
from wagtail_col.geo import Point
from wagtail_col.records import Record, best_text


class Kind(models.TextChoices):
    EVENT = "event", _("Event")
    WORKSHOP = "workshop", _("Workshop")
    COURSE = "course", _("Course")
    PROJECT = "project", _("Project")
    VOLUNTEERING = "volunteering", _("Volunteering")
    INTERNSHIP = "internship", _("Internship")
    OPEN_SPACE = "open-space", _("Open space")
    DIGITAL = "digital", _("Digital")


class Access(models.TextChoices):
    """What makes it possible to take part."""

    STEP_FREE = "step-free", _("Step-free")
    TOILET = "toilet", _("Accessible toilet")
    SIGN_LANGUAGE = "sign-language", _("Sign language")
    HEARING_LOOP = "hearing-loop", _("Hearing loop")
    EASY_READ = "easy-read", _("Easy to read")
    QUIET = "quiet", _("Quiet")
    CAPTIONS = "captions", _("Captions")
    ASSISTANCE = "assistance", _("Somebody to help")


class Part(models.IntegerChoices):
    """Parts of a day, as bits: before 12, before 18, and after that, where it takes place."""

    MORNING = 1, _("Morning")
    AFTERNOON = 2, _("Afternoon")
    EVENING = 4, _("Evening")


#: What lasts all day or longer is there in every part of it.
EVERY_PART = sum(Part)


class Listing(Record):
    """Something one can learn. Facts once, texts in a row per language.

    ``starts_at`` and ``ends_at`` span all occurrences and are written with them; both are null
    for what is there at any time. A listing may be local, online or both.
    """

    #: Who this comes from: "pages" for the site's own pages, else the name of a feed or import.
    source = models.CharField(max_length=80, default="pages")
    source_id = models.CharField(max_length=255, blank=True)
    #: The identity other nodes know it by (a URI); unique across everything.
    canonical_uri = models.CharField(max_length=500, unique=True)
    #: Where the source itself shows it, when that is elsewhere.
    source_url = models.CharField(max_length=2000, blank=True)
    attribution = models.CharField(max_length=255, blank=True)

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    provider = models.ForeignKey(
        "Provider", on_delete=models.SET_NULL, null=True, blank=True, related_name="listings"
    )
    territory = models.ForeignKey(
        "Territory", on_delete=models.SET_NULL, null=True, blank=True, related_name="listings"
    )
    interests = models.ManyToManyField("Interest", related_name="listings", blank=True)
    skills = models.ManyToManyField("Skill", related_name="listings", blank=True)

    is_online = models.BooleanField(_("online"), default=False)
    is_local = models.BooleanField(_("at a place"), default=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    venue = models.CharField(_("venue"), max_length=255, blank=True)
    address = models.CharField(_("address"), max_length=500, blank=True)

    is_free = models.BooleanField(_("free"), null=True)
    price = models.DecimalField(_("price"), max_digits=9, decimal_places=2, null=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    age_min = models.PositiveSmallIntegerField(_("from age"), null=True)
    age_max = models.PositiveSmallIntegerField(_("to age"), null=True)
    #: Languages it is held in, codes with a space between.
    delivery_languages = models.CharField(max_length=80, blank=True)
    #: Values of ``Access``, with a space between.
    accessibility = models.CharField(max_length=100, blank=True)
    minutes = models.PositiveIntegerField(_("minutes"), null=True)
    image = models.CharField(max_length=2000, blank=True)
    #: Key of the online course that opens here (``lti.Course``), if there is one.
    course = models.UUIDField(null=True)

    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        indexes = [
            models.Index(fields=["state", "starts_at", "id"], name="col_listing_by_start"),
            models.Index(fields=["source", "source_id"], name="col_listing_by_source"),
            models.Index(fields=["state", "revision"], name="col_listing_by_revision"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=models.F("starts_at")),
                name="col_listing_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(is_online=True) | Q(is_local=True), name="col_listing_is_somewhere"
            ),
        ]

    def __str__(self) -> str:
        text = self.text
        return text.title if text else str(self.key)

    @property
    def text(self) -> ListingText | None:
        return best_text(self.texts.all())

    @property
    def point(self) -> Point | None:
        return None if self.lon is None else Point(self.lon, self.lat)


class ListingText(index.Indexed, models.Model):
    """A listing in one language. ``description`` is clean HTML; ``folded`` is what words find."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=20)
    title = models.CharField(max_length=255)
    summary = models.TextField(blank=True)
    description = models.TextField(blank=True)
    #: The page that shows it, from the site's root; empty: the record's own page.
    url = models.CharField(max_length=2000, blank=True)
    folded = models.TextField(blank=True, editable=False)

    #: For sites that look for words in a search backend of their own (``SEARCH_BACKEND``): then
    #: they are written there with the listing, not with each save.
    search_auto_update = False
    search_fields = [
        index.SearchField("title", boost=4),
        index.SearchField("summary"),
        index.RelatedFields("listing", [index.SearchField("venue"), index.SearchField("address")]),
    ]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "language"], name="col_one_listing_text_a_language"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def get_indexed_objects(cls) -> models.QuerySet[ListingText]:
        """Nothing where our own index is used: many rows of feeds would slow down Wagtail's."""
        texts = cls.objects.select_related("listing")
        return texts if settings.SEARCH_BACKEND else texts.none()


class Occurrence(models.Model):
    """One date of a listing. ``all_day``: only the days count, not the times.

    ``parts``: in which parts of a day it begins, bits of ``Part`` in the site's time zone.
    """

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="occurrences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    all_day = models.BooleanField(default=False)
    parts = models.PositiveSmallIntegerField(default=EVERY_PART)

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["listing", "ends_at"], name="col_occurrence_by_listing")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gte=models.F("starts_at")),
                name="col_occurrence_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class MapPoint(models.Model):
    """Where a published listing is on the map: narrow, so that a screenful is read in one go.

    x and y are map coordinates (``geo.WORLD`` wide). A listing that is withdrawn or has no
    place has no row.
    """

    listing = models.OneToOneField(
        Listing, on_delete=models.CASCADE, primary_key=True, related_name="map_point"
    )
    x = models.IntegerField()
    y = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["y", "x", "listing"], name="col_map_point_covering")]

    def __str__(self) -> str:
        return f"{self.x}, {self.y}"
