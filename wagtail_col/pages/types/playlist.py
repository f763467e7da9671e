from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, TranslatableMixin

from wagtail_col.catalogue.facts import Text
from wagtail_col.learning import device as devices
from wagtail_col.learning.facts import PlaylistFacts, StepFacts
from wagtail_col.learning.models import Playlist
from wagtail_col.learning.publishing import publish_playlist, withdraw_playlist
from wagtail_col.lines import LineColour
from wagtail_col.pages.course_fields import PlaylistForm
from wagtail_col.pages.panels import CoursesPanel, RulePanel, StepsPanel
from wagtail_col.pages.sources import merged_texts
from wagtail_col.pages.types.base import RecordPageMixin, html, picture
from wagtail_col.pages.types.territory import TerritoryPageMixin
from wagtail_col.pages.views.playlist import playlist_context


class PlaylistPageMixin(RecordPageMixin, models.Model):
    """An ordered path of steps, local and online, with a badge at its end.

    A site's concrete class adds the steps: an ``AbstractPlaylistStep`` with a ParentalKey of
    the name ``steps``.
    """

    learner_template = "wagtail_col/learning/playlist.html"
    record_model = Playlist
    base_form_class = PlaylistForm

    summary = models.TextField(
        _("summary"), blank=True, help_text=_("What it is about and for whom, in two sentences.")
    )
    description = RichTextField(
        _("description"), blank=True, features=["bold", "italic", "link", "ul", "ol"]
    )
    image = models.ForeignKey(
        "wagtailimages.Image",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )
    colour = models.CharField(
        _("colour of the line"),
        max_length=10,
        choices=LineColour.choices,
        default=LineColour.TEAL,
    )
    line_name = models.CharField(
        _("short name of the line"),
        max_length=12,
        blank=True,
        help_text=_("As on a tram: “M1 Data”."),
    )
    achievement = models.ForeignKey(
        "col_badges.Achievement",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("badge"),
        help_text=_("Who has done the required steps gets this badge at once."),
    )

    needed = models.PositiveSmallIntegerField(
        _("how many stations are needed"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: all that are required."),
    )
    in_order = models.BooleanField(
        _("one after another"),
        default=False,
        help_text=_("A station opens when the one before it is done."),
    )
    before = ParentalManyToManyField(
        "col_learning.Playlist",
        blank=True,
        related_name="+",
        verbose_name=_("playlists to finish first"),
    )
    is_archived = models.BooleanField(
        _("archived"),
        default=False,
        help_text=_("Nobody new joins. Who is on it goes on to its end."),
    )

    content_panels = [
        FieldPanel("summary"),
        FieldRowPanel([FieldPanel("line_name"), FieldPanel("colour")]),
        StepsPanel("steps", heading=_("Steps"), label=_("step")),
        CoursesPanel(heading=_("Online courses")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("needed"), FieldPanel("in_order")]),
                FieldPanel("before"),
            ],
            heading=_("What is asked for"),
        ),
        RulePanel(heading=_("What a learner reads")),
        FieldPanel("achievement"),
        FieldPanel("is_archived"),
        FieldPanel("image"),
        FieldPanel("description"),
    ]

    class Meta:
        abstract = True

    def get_playlist(self) -> PlaylistFacts:
        """What this page says of its playlist."""
        return PlaylistFacts(
            key=self.translation_key,
            texts=(
                Text(
                    language=self.language,
                    title=self.title,
                    summary=self.summary,
                    description=html(self.description),
                    url=self.path_from_root,
                ),
            ),
            steps=tuple(step.get_step(self.language) for step in self.steps.all()),
            territory=self.nearest(TerritoryPageMixin),
            achievement=self.achievement.key if self.achievement else None,
            colour=self.colour,
            line_name=self.line_name,
            image=picture(self.image, "fill-960x540"),
            needed=self.needed,
            in_order=self.in_order,
            before=tuple(playlist.key for playlist in self.before.all()),
            is_archived=self.is_archived,
        )

    @classmethod
    def write_record(cls, key: UUID, pages: list) -> None:
        said = [page.get_playlist() for page in pages]
        publish_playlist(
            replace(said[0], key=key, texts=merged_texts(said), steps=_merged_steps(said))
        )

    @classmethod
    def withdraw_record(cls, key: UUID) -> None:
        withdraw_playlist(key)

    def record_context(self, request: HttpRequest) -> dict | None:
        return playlist_context(request, self.record_key)

    def serve(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = super().serve(request, *args, **kwargs)
        if request.user.is_authenticated or devices.COOKIE in request.COOKIES:
            # Somebody's own progress stands on it: never in a shared cache.
            response.headers.setdefault("Cache-Control", "private, no-store")
        # With or without the cookie of a device it is another page.
        patch_vary_headers(response, ["Cookie"])
        return response


def _merged_steps(said: list[PlaylistFacts]) -> tuple[StepFacts, ...]:
    """The first page's steps, with the texts its translations have for the same steps."""
    texts: dict[UUID, dict] = {}
    for facts in said:
        for step in facts.steps:
            for language, text in step.texts.items():
                texts.setdefault(step.key, {}).setdefault(language, text)
    return tuple(replace(step, texts=texts[step.key]) for step in said[0].steps)


class AbstractPlaylistStep(TranslatableMixin, Orderable):
    """One step of a playlist page. The concrete class adds ``page``, a ParentalKey.

    Its identity is its own translation key: the step in another language is the same step.
    """

    listing = models.ForeignKey(
        "col_catalogue.Listing",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("opportunity"),
    )
    link = models.URLField(
        _("or a web link"), max_length=2000, blank=True, help_text=_("An online lesson or video.")
    )
    #: Key of an online course: no foreign key, so that a site may leave LTI out.
    course = models.UUIDField(_("or an online course"), null=True, blank=True)
    pass_percent = models.PositiveSmallIntegerField(
        _("score to reach, in percent"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Of an online course. Empty: it is done when the course provider says so."),
    )
    title = models.CharField(
        _("title"),
        max_length=255,
        blank=True,
        help_text=_("Empty: the title of the opportunity or the course."),
    )
    instruction = models.TextField(
        _("what to do"), blank=True, help_text=_("One sentence to the learner.")
    )
    minutes = models.PositiveIntegerField(_("how many minutes it takes"), null=True, blank=True)
    is_required = models.BooleanField(_("required"), default=True)
    choice = models.PositiveSmallIntegerField(
        _("choice"),
        null=True,
        blank=True,
        help_text=_("Give the same number to steps of which any one is enough."),
    )

    panels = [
        FieldPanel("listing"),
        FieldPanel("link"),
        FieldPanel("course"),
        FieldPanel("pass_percent"),
        FieldPanel("title"),
        FieldPanel("instruction"),
        FieldRowPanel([FieldPanel("minutes"), FieldPanel("is_required"), FieldPanel("choice")]),
    ]

    class Meta(Orderable.Meta):
        abstract = True
        unique_together = [("translation_key", "locale")]

    def clean(self) -> None:
        super().clean()
        if sum(map(bool, (self.listing_id, self.link, self.course))) != 1:
            raise ValidationError(
                _("A step is one thing: an opportunity, a web link or an online course.")
            )
        if self.link and not self.title.strip():
            raise ValidationError({"title": _("A step with a web link needs a title.")})

    def get_step(self, language: str) -> StepFacts:
        """What this step says, its text in ``language``."""
        return StepFacts(
            key=self.translation_key,
            texts={language: (self.title, self.instruction)},
            listing=self.listing.key if self.listing else None,
            link=self.link,
            course=self.course,
            pass_percent=self.pass_percent,
            minutes=self.minutes,
            is_required=self.is_required,
            choice=self.choice,
        )
