from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_col.badges.texts import check_signable


class Share(models.Model):
    """A link under which anybody sees one badge, or a collection of badges, until it is stopped."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="col_shares"
    )
    awards = models.ManyToManyField("col_badges.Award", related_name="shares")
    imported = models.ManyToManyField("col_badges.ImportedBadge", related_name="shares")
    is_collection = models.BooleanField(default=False)
    title = models.CharField(_("title"), max_length=120, blank=True, validators=[check_signable])
    #: The name the learner chose to show on this link's page; empty: no name.
    shown_name = models.CharField(
        _("name to show"), max_length=120, blank=True, validators=[check_signable]
    )
    made_at = models.DateTimeField(auto_now_add=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.key)


class Erased(models.Model):
    """An address that was a badge's or a link's whose learner is gone: it answers 410."""

    key = models.UUIDField(unique=True)
    at = models.DateTimeField(auto_now_add=True)
    #: Of an award: which badge it was, so that the number of those given stays what it is.
    achievement = models.ForeignKey(
        "col_badges.Achievement",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="erased",
    )

    def __str__(self) -> str:
        return str(self.key)
