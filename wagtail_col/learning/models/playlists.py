from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_col.lines import LineColour
from wagtail_col.records import Record, best_text


class Playlist(Record):
    """An ordered path of steps: a line through the territory, with a badge at its terminus."""

    territory = models.ForeignKey(
        "col_catalogue.Territory",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="playlists",
    )
    achievement = models.ForeignKey(
        "col_badges.Achievement",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="playlists",
    )
    colour = models.CharField(max_length=10, choices=LineColour.choices, default=LineColour.TEAL)
    line_name = models.CharField(max_length=12, blank=True)
    image = models.CharField(max_length=2000, blank=True)
    #: How many of the stations that count are needed; null: all of them.
    needed = models.PositiveSmallIntegerField(null=True)
    in_order = models.BooleanField(default=False)
    #: Playlists to finish first; there is no loop among them.
    before = models.ManyToManyField("self", symmetrical=False, related_name="leads_to")
    #: The number of its latest ``PlaylistVersion``.
    version = models.PositiveIntegerField(default=0)
    #: Nobody joins it any more; who is on it goes on.
    archived_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("playlist")
        verbose_name_plural = _("playlists")
        permissions = [
            ("mentor_learners", _("Can open online courses as a mentor, without being on the line"))
        ]

    def __str__(self) -> str:
        text = self.text
        return text.title if text else str(self.key)

    @property
    def text(self) -> PlaylistText | None:
        return best_text(self.texts.all())


class PlaylistText(models.Model):
    """A playlist in one language. ``description`` is clean HTML."""

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=20)
    title = models.CharField(max_length=255)
    summary = models.TextField(blank=True)
    description = models.TextField(blank=True)
    url = models.CharField(max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["playlist", "language"], name="col_one_playlist_text_a_language"
            )
        ]

    def __str__(self) -> str:
        return self.title


class StepKind(models.TextChoices):
    LISTING = "listing", _("An opportunity")
    LINK = "link", _("A web link")
    COURSE = "course", _("An online course")


class Step(Record):
    """A station of the line: a listing, a web link with a duration, or an online course.

    A step that an editor takes out is withdrawn, not removed: what learners did stays done.
    """

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=StepKind.choices)
    listing = models.ForeignKey(
        "col_catalogue.Listing",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="steps",
    )
    link = models.URLField(max_length=2000, blank=True)
    #: Key of an online course (``lti.Course``): no foreign key, so that a site may leave LTI out.
    course = models.UUIDField(null=True)
    #: From which score on, in percent, a course is done; null: when the provider says "completed".
    pass_percent = models.PositiveSmallIntegerField(null=True)
    minutes = models.PositiveIntegerField(null=True)
    is_required = models.BooleanField(default=True)
    #: Steps of one playlist with the same number are a choice: any one of them is enough.
    choice = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        text = self.text
        return text.title if text else str(self.key)

    @property
    def text(self) -> StepText | None:
        return best_text(self.texts.all())


class PlaylistVersion(models.Model):
    """The rule of a playlist as it was published: kept for who joined while it held.

    Written when the rule becomes another one, and never changed.
    """

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    needed = models.PositiveSmallIntegerField(null=True)
    in_order = models.BooleanField(default=False)
    before = models.ManyToManyField(Playlist, related_name="+")
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["playlist", "number"], name="col_one_playlist_version_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.playlist_id} / {self.number}"


class VersionStep(models.Model):
    """A step as a version of its playlist asked for it."""

    version = models.ForeignKey(PlaylistVersion, on_delete=models.CASCADE, related_name="steps")
    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="versions")
    position = models.PositiveIntegerField()
    is_required = models.BooleanField()
    choice = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "step"], name="col_one_version_of_a_step")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} / {self.step_id}"


class StepText(models.Model):
    """A step in one language: its title and what to do there."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=20)
    title = models.CharField(max_length=255, blank=True)
    instruction = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["step", "language"], name="col_one_step_text_a_language"
            )
        ]

    def __str__(self) -> str:
        return self.title


class OpportunityBadge(models.Model):
    """Who has done this opportunity gets this badge, with or without a playlist."""

    listing = models.OneToOneField(
        "col_catalogue.Listing", on_delete=models.CASCADE, related_name="opportunity_badge"
    )
    achievement = models.ForeignKey(
        "col_badges.Achievement", on_delete=models.CASCADE, related_name="opportunities"
    )

    def __str__(self) -> str:
        return f"{self.listing_id} / {self.achievement_id}"
