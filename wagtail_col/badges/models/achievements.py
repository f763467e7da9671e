from __future__ import annotations

import uuid

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from wagtail_col.badges.texts import check_signable
from wagtail_col.lines import LineColour
from wagtail_col.records import best_text
from wagtail_col.shell import shell_context


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
