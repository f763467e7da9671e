from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable

from wagtail_col.badges.models import Skill
from wagtail_col.badges.skills import FRAMEWORKS, address_of
from wagtail_col.catalogue.facts import Date, ListingFacts, SkillFacts
from wagtail_col.catalogue.models import Access, Kind, Listing
from wagtail_col.geo import parse_point
from wagtail_col.learning.opportunity_badges import set_badge
from wagtail_col.pages.course_fields import OpportunityForm
from wagtail_col.pages.panels import AddressPanel, CoursesPanel, PointPanel
from wagtail_col.pages.sources import ListingMixin
from wagtail_col.pages.types.base import RecordPageMixin, html, picture
from wagtail_col.pages.types.provider import ProviderPageMixin
from wagtail_col.pages.types.territory import TerritoryPageMixin
from wagtail_col.pages.views.opportunity import opportunity_context
from wagtail_col.pages.widgets import AccessChoices, Choices, LongChoices


def check_point_text(value: str) -> None:
    """Refuse a point that is none, or outside the world."""
    parse_point(value)


class OpportunityPageMixin(ListingMixin, RecordPageMixin, models.Model):
    """Something one can learn: an event, a workshop, a course, ...

    A site's concrete class adds the dates: an ``AbstractOpportunityDate`` with a ParentalKey
    of the name ``dates``.
    """

    learner_template = "wagtail_col/catalogue/opportunity.html"
    record_model = Listing
    base_form_class = OpportunityForm

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.EVENT)
    summary = models.TextField(
        _("summary"),
        blank=True,
        help_text=_("What one will be able to do, in one or two sentences."),
    )
    description = RichTextField(
        _("description"), blank=True, features=["h3", "bold", "italic", "link", "ul", "ol"]
    )
    image = models.ForeignKey(
        "wagtailimages.Image",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )
    interests = ParentalManyToManyField(
        "col_catalogue.Interest", blank=True, verbose_name=_("interests"), related_name="+"
    )

    skills = ParentalManyToManyField(
        "col_badges.Skill",
        blank=True,
        verbose_name=_("skills"),
        related_name="+",
        help_text=_("What one learns to do here. People filter by it."),
    )

    is_local = models.BooleanField(_("at a place"), default=True)
    is_online = models.BooleanField(_("online"), default=False)
    venue = models.CharField(_("venue"), max_length=255, blank=True)
    address = models.CharField(_("address"), max_length=500, blank=True)
    point = models.CharField(
        _("point on the map"), max_length=250, blank=True, validators=[check_point_text]
    )
    link = models.URLField(
        _("link"),
        max_length=2000,
        blank=True,
        help_text=_("Where to sign up, or where the online course is."),
    )

    #: Key of an online course: no foreign key, so that a site may leave LTI out.
    course = models.UUIDField(_("online course"), null=True, blank=True)

    achievement = models.ForeignKey(
        "col_badges.Achievement",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("badge"),
        help_text=_("Who has done this gets this badge, also without a playlist."),
    )

    is_free = models.BooleanField(_("free"), default=False)
    price = models.DecimalField(
        _("price"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    age_min = models.PositiveSmallIntegerField(_("from age"), null=True, blank=True)
    age_max = models.PositiveSmallIntegerField(_("to age"), null=True, blank=True)
    delivery_languages = models.CharField(
        _("languages it is held in"),
        max_length=80,
        blank=True,
        help_text=_("Codes with a space between, for example “es en”."),
    )
    accessibility = models.CharField(
        _("accessibility"),
        max_length=100,
        blank=True,
        help_text=_("Tick what you are sure of. Many people can only come if they know."),
    )
    minutes = models.PositiveIntegerField(_("how many minutes it takes"), null=True, blank=True)

    content_panels = [
        FieldPanel("kind"),
        FieldPanel("summary"),
        InlinePanel("dates", heading=_("Dates"), label=_("date")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("is_local"), FieldPanel("is_online")]),
                FieldPanel("venue"),
                AddressPanel("address"),
                PointPanel("point", address_field="address"),
                FieldPanel("link"),
                FieldPanel("course"),
            ],
            heading=_("Where"),
        ),
        CoursesPanel(heading=_("Online courses")),
        FieldPanel("interests", widget=Choices),
        MultiFieldPanel(
            [FieldPanel("skills", widget=LongChoices)],
            heading=_("Skills"),
            classname="collapsed",
        ),
        FieldPanel("achievement"),
        MultiFieldPanel(
            [
                FieldPanel("is_free"),
                FieldRowPanel([FieldPanel("price"), FieldPanel("currency")]),
                FieldRowPanel([FieldPanel("age_min"), FieldPanel("age_max")]),
                FieldPanel("delivery_languages"),
                FieldPanel("accessibility", widget=AccessChoices),
                FieldPanel("minutes"),
            ],
            heading=_("For whom, what it costs"),
        ),
        FieldPanel("image"),
        FieldPanel("description"),
    ]

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        errors = {}
        if not (self.is_local or self.is_online):
            errors["is_online"] = _("Choose “at a place”, “online”, or both.")
        if self.is_free and self.price:
            errors["price"] = _("It is either free or has a price.")
        if None not in (self.age_min, self.age_max) and self.age_max < self.age_min:
            errors["age_max"] = _("The highest age is below the lowest.")
        unknown = [code for code in self.accessibility.split() if code not in Access.values]
        if unknown:
            errors["accessibility"] = _("There is no “%s” in the list of what helps.") % unknown[0]
        if errors:
            raise ValidationError(errors)

    def get_listing(self) -> ListingFacts:
        return ListingFacts(
            key=self.translation_key,
            texts=(self.listing_text(summary=self.summary, description=html(self.description)),),
            kind=self.kind,
            provider=self.nearest(ProviderPageMixin),
            territory=self.nearest(TerritoryPageMixin),
            interests=tuple(interest.slug for interest in self.interests.all()),
            skills=tuple(_said(skill) for skill in self.skills.all()),
            is_local=self.is_local,
            is_online=self.is_online,
            point=parse_point(self.point),
            venue=self.venue,
            address=self.address,
            source_url=self.link,
            is_free=self.is_free or None if self.price is None else self.price == 0,
            price=self.price,
            currency=self.currency,
            age_min=self.age_min,
            age_max=self.age_max,
            delivery_languages=tuple(self.delivery_languages.split()),
            accessibility=tuple(self.accessibility.split()),
            minutes=self.minutes,
            course=self.course,
            image=picture(self.image, "fill-960x540"),
            dates=tuple(
                Date(starts_at=date.starts_at, ends_at=date.ends_at, all_day=date.all_day)
                for date in self.dates.all()
            ),
        )

    def record_context(self, request: HttpRequest) -> dict | None:
        return opportunity_context(request, self.record_key)

    @classmethod
    def write_record(cls, key: UUID, pages: list) -> None:
        # Like an online course, the badge may have been added to any of the translations.
        badge = next((page.achievement for page in pages if page.achievement), None)
        with transaction.atomic():
            super().write_record(key, pages)
            set_badge(key, badge.key if badge else None)

    @classmethod
    def withdraw_record(cls, key: UUID) -> None:
        with transaction.atomic():
            super().withdraw_record(key)
            set_badge(key, None)


def _said(skill: Skill) -> SkillFacts:
    """A skill that badges name, as the catalogue knows it: by the same address."""
    return SkillFacts(
        uri=address_of(skill),
        names={name.language: name.name for name in skill.names.all()},
        framework=FRAMEWORKS.get(skill.framework, ""),
    )


class AbstractOpportunityDate(Orderable):
    """One date of an opportunity page. The concrete class adds ``page``, a ParentalKey."""

    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    all_day = models.BooleanField(
        _("all day"), default=False, help_text=_("Only the days count, not the times.")
    )

    panels = [
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at"), FieldPanel("all_day")])
    ]

    class Meta(Orderable.Meta):
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at < self.starts_at:
            raise ValidationError({"ends_at": _("It ends before it starts.")})
