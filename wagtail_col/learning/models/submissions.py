from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_col.badges.texts import check_signable

from .taking import Taken


class ReviewState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("sent back")


class Reviewer(models.TextChoices):
    ORGANISER = "organiser", _("the organiser")
    PEER = "peer", _("another learner who has the badge")
    SELF = "self", _("the learner")


class Submission(Taken):
    """What a learner sends in to show that they earned a badge, and what came of it.

    Sent in again after it was sent back, it is a new row that follows the old one.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="col_submissions"
    )
    achievement = models.ForeignKey(
        "col_badges.Achievement", on_delete=models.CASCADE, related_name="submissions"
    )
    follows = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="followed_by"
    )
    text = models.TextField(_("what you did"), blank=True, validators=[check_signable])
    link = models.URLField(_("a link to it"), max_length=2000, blank=True)
    state = models.CharField(
        max_length=10, choices=ReviewState.choices, default=ReviewState.WAITING
    )
    #: Other learners look at it, without the name of who sent it. It stays as it was when it was
    #: sent in: what an organiser was to see is not shown to others later.
    for_peers = models.BooleanField(default=False)
    #: The learner's: the badge and the e-mail about the answer are written in it.
    language = models.CharField(max_length=20)
    sent_at = models.DateTimeField(auto_now_add=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_as = models.CharField(max_length=10, choices=Reviewer.choices, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    #: Why it was sent back, or what the reviewer says to it: shown to the learner.
    reason = models.TextField(_("what you say to it"), blank=True, validators=[check_signable])
    #: When the learner was told by e-mail that it was sent back (or turned out to have no address).
    emailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "achievement"],
                condition=models.Q(state="waiting"),
                name="col_one_waiting_submission",
            )
        ]

    def __str__(self) -> str:
        return str(self.key)


class EvidenceFile(models.Model):
    """A photo (encoded anew, without where it was taken) or a document sent in as evidence.

    In the database: nobody but the learner and the reviewer may see it, and no web server hands
    it out by a path.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.name
