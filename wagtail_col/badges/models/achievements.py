from __future__ import annotations

import uuid

from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from wagtail_col.badges.texts import check_signable
from wagtail_col.lines import LineColour
from wagtail_col.records import best_text
from wagtail_col.shell import shell_context


class BadgeShape(models.TextChoices):
    ROUND = "round", _("Round")
    HEXAGON = "hexagon", _("Hexagon")
    SHIELD = "shield", _("Shield")
    SQUARE = "square", _("Square with round corners")


class Level(models.TextChoices):
    NONE = "", _("no level")
    FOUNDATION = "foundation", _("Foundation: with help, in familiar tasks")
    INTERMEDIATE = "intermediate", _("Intermediate: on one's own, in familiar tasks")
    ADVANCED = "advanced", _("Advanced: on one's own, in new situations")
    SPECIALISED = "specialised", _("Specialised: can guide others")


class Assessment(models.TextChoices):
    """Who looks at what a learner sends in to show that they earned a badge."""

    NONE = "", _("Nothing can be sent in for it")
    ORGANISER = "organiser", _("The organiser looks at what learners send in")
    PEER = "peer", _("Somebody who has the badge looks at what learners send in")
    SELF = "self", _("Learners assess themselves, with words about what they did")


class Achievement(
    WorkflowMixin, DraftStateMixin, RevisionMixin, PreviewableMixin, ClusterableModel
):
    """What a badge says (the term of Open Badges 3.0). Only a live one is awarded."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    issuer = models.ForeignKey(
        "col_badges.Issuer",
        on_delete=models.PROTECT,
        related_name="achievements",
        verbose_name=_("issuer"),
        null=True,
        blank=True,
        help_text=_("Who gives this badge. Empty: this site."),
    )
    shape = models.CharField(
        _("shape"), max_length=10, choices=BadgeShape.choices, default=BadgeShape.ROUND
    )
    colour = models.CharField(
        _("colour"), max_length=10, choices=LineColour.choices, default=LineColour.TEAL
    )
    icon = models.SlugField(_("icon"), default="star")
    place = models.CharField(
        _("place on the badge"),
        max_length=60,
        blank=True,
        validators=[check_signable],
        help_text=_("For example “Madrid”."),
    )
    #: An uploaded picture, cleaned, in place of the drawn one.
    picture = models.ForeignKey(
        "col_badges.Picture",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture of your own"),
    )
    level = models.CharField(
        _("level"), max_length=12, choices=Level.choices, blank=True, default=Level.NONE
    )
    lasts_months = models.PositiveSmallIntegerField(
        _("for how many months it is valid"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1200)],
        help_text=_("Empty: for ever. Whoever earns it again before or after that renews it."),
    )
    assessment = models.CharField(
        _("evidence"),
        max_length=10,
        choices=Assessment.choices,
        blank=True,
        default=Assessment.NONE,
        help_text=_("A text, a photo or a file that shows what somebody did."),
    )
    #: Of the badges in ``requirements``; empty: all of them.
    needed = models.PositiveSmallIntegerField(
        _("how many of these badges are needed"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: all of them. The badge is given by itself then."),
    )
    #: Rings of longitude and latitude drawn as a quiet pattern; written with the territory.
    outline = models.JSONField(null=True, blank=True, editable=False)

    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="achievement",
        for_concrete_model=False,
    )
    _revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="achievement",
        for_concrete_model=False,
    )

    class Meta:
        verbose_name = _("badge")
        verbose_name_plural = _("badges")

    def __str__(self) -> str:
        text = self.text
        return text.name if text else str(self.key)

    @property
    def revisions(self):
        return self._revisions

    def with_content_json(self, content):
        achievement = super().with_content_json(content)
        # Not the editors': a draft from before it was written must not take it away again.
        achievement.outline = self.outline
        return achievement

    @property
    def text(self) -> AchievementText | None:
        return best_text(self.texts.all())

    def get_absolute_url(self) -> str:
        return reverse("col_badges:achievement", args=[self.key])

    def get_preview_context(self, request, mode_name):
        return {**super().get_preview_context(request, mode_name), **shell_context(request)}

    def get_preview_template(self, request, mode_name):
        return "wagtail_col/badges/achievement_preview.html"


class AchievementText(models.Model):
    """An achievement in one language: plain text, since it is signed."""

    achievement = ParentalKey(Achievement, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=20)
    name = models.CharField(_("name"), max_length=120, validators=[check_signable])
    description = models.TextField(
        _("what it says"),
        validators=[check_signable],
        help_text=_("One or two sentences: what somebody with this badge can do."),
    )
    criteria = models.TextField(
        _("how it is earned"),
        validators=[check_signable],
        help_text=_("In plain words. Anybody who is shown the badge reads it."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["achievement", "language"], name="col_one_achievement_text_a_language"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Requirement(models.Model):
    """One of the badges that a badge asks for: one of this site, or one from elsewhere."""

    achievement = ParentalKey(Achievement, on_delete=models.CASCADE, related_name="requirements")
    required = models.ForeignKey(
        Achievement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="required_by",
        verbose_name=_("badge of this site"),
    )
    #: The ``id`` of an achievement of another issuer, which learners bring as imported badges.
    elsewhere = models.URLField(
        _("or the address of a badge from elsewhere"), max_length=2000, blank=True
    )
    name = models.CharField(_("its name"), max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(required__isnull=False, elsewhere="")
                | (Q(required__isnull=True) & ~Q(elsewhere="")),
                name="col_requirement_here_or_elsewhere",
            ),
            models.UniqueConstraint(
                fields=["achievement", "required"],
                condition=Q(required__isnull=False),
                name="col_one_requirement_a_badge",
            ),
        ]

    def __str__(self) -> str:
        return str(self.required) if self.required_id else self.name or self.elsewhere


class AchievementSkill(models.Model):
    """A skill that somebody with the badge has shown."""

    achievement = ParentalKey(Achievement, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(
        "col_badges.Skill",
        on_delete=models.PROTECT,
        related_name="achievements",
        verbose_name=_("skill"),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["achievement", "skill"], name="col_one_skill_an_achievement"
            )
        ]

    def __str__(self) -> str:
        return str(self.skill)
