"""What every record is: it has an identity, a state and a revision that only grows.

A record is the published side of something an editor wrote or a feed brought. It is never
removed when its source goes: it is withdrawn and stays as a tombstone, so that feeds, progress
and badges that refer to it keep an answer.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class RecordQuerySet(models.QuerySet):
    def published(self) -> Self:
        return self.filter(state=State.PUBLISHED)


class Record(models.Model):
    """Identity (``key``: the page's translation key or a feed item's UUID), state, revision."""

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PUBLISHED, editable=False
    )
    revision = models.PositiveBigIntegerField(_("revision"), default=0, editable=False)
    modified_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED


def best_text(texts: Iterable, language: str | None = None):
    """Of a record's texts the one in ``language`` (the active one), else the nearest, or None.

    Nearest: the same language without its region, then the site's default language, then the
    text that was written first. The caller marks the text's own ``language`` in HTML.
    """
    wanted = language or translation.get_language() or settings.LANGUAGE_CODE
    by_language = {text.language: text for text in sorted(texts, key=lambda t: -(t.pk or 0))}
    for code in (wanted, wanted.split("-")[0], settings.LANGUAGE_CODE):
        if code in by_language:
            return by_language[code]
    return next(reversed(by_language.values()), None)
