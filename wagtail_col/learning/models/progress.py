from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Enrolment(models.Model):
    """A learner is on a playlist."""

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="col_enrolments"
    )
    playlist = models.ForeignKey(
        "col_learning.Playlist", on_delete=models.CASCADE, related_name="enrolments"
    )
    joined_at = models.DateTimeField(auto_now_add=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    #: The learner has put the line aside: it is not offered to go on with. Null: under way.
    paused_at = models.DateTimeField(null=True, blank=True)
    #: Of the learner when they joined or last opened a course: a badge that is earned while they
    #: are elsewhere is written in it. Empty: not known.
    language = models.CharField(max_length=20, blank=True)
    #: The number of the playlist's version when they joined (``PlaylistVersion``).
    version = models.PositiveIntegerField(default=1)
    #: Who runs the line sees that somebody is on it and how far, and not who.
    hides_name = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "playlist"], name="col_one_enrolment_a_learner"
            )
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} / {self.playlist_id}"


class Evidence(models.TextChoices):
    """How it was shown that a step was done."""

    CODE = "code", _("with a code shown by the organiser")
    SELF = "self", _("by saying so")
    ORGANISER = "organiser", _("confirmed by the organiser")
    SCORE = "score", _("reported by the online course")
    RECOGNISED = "recognised", _("done before joining the line")
    WAIVED = "waived", _("the organiser let it go")


class Completion(models.Model):
    """A learner did a step: one row a learner and step, whatever showed it first."""

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="col_completions"
    )
    step = models.ForeignKey(
        "col_learning.Step", on_delete=models.CASCADE, related_name="completions"
    )
    how = models.CharField(max_length=10, choices=Evidence.choices)
    completed_at = models.DateTimeField(auto_now_add=True)
    claim_code = models.ForeignKey(
        "col_learning.ClaimCode", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner", "step"], name="col_one_completion_a_learner")
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} / {self.step_id}"
