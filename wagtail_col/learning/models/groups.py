from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class LearnerGroup(models.Model):
    """A class or a youth group that is on one playlist together.

    Its link is derived from the settings' secret and ``link_key``; here is its hash alone. A new
    key makes another link, and the old one opens nothing.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    playlist = models.ForeignKey(
        "col_learning.Playlist", on_delete=models.CASCADE, related_name="groups"
    )
    name = models.CharField(_("name of the group"), max_length=60)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    #: A team whose members look after it too.
    team = models.ForeignKey(
        "auth.Group", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    link_key = models.UUIDField(default=uuid.uuid4)
    link_hash = models.CharField(max_length=64, unique=True)
    #: Nobody joins by the link after this.
    link_until = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class GroupMember(models.Model):
    """Somebody in a group, or a place in it that waits for them: an e-mail, or a card to hand out.

    A card works once: who uses it is the learner of this row.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.ForeignKey(LearnerGroup, on_delete=models.CASCADE, related_name="members")
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="col_groups",
    )
    #: As the organiser calls them; empty for who came by the group's link.
    label = models.CharField(max_length=100, blank=True)
    #: Where the invitation goes; emptied when they have joined.
    email = models.EmailField(max_length=254, blank=True)
    card_hash = models.CharField(max_length=64, unique=True, null=True)
    #: Primary keys of steps that the organiser confirmed before the card was used.
    confirmed = models.JSONField(default=list, blank=True)
    #: The invitation is written in it.
    language = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    emailed_at = models.DateTimeField(null=True, blank=True)
    #: How often its e-mail could not be sent, and when that was last (``group_mail``).
    email_tries = models.PositiveSmallIntegerField(default=0)
    email_tried_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["group", "learner"], name="col_once_in_a_group")
        ]

    def __str__(self) -> str:
        return str(self.key)
