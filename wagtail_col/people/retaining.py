"""Taking out what is older than it is kept: every cleaner that a declaration names, once."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.module_loading import import_string

from wagtail_col.people.registry import holdings

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Cleaned:
    """A cleaner's dotted path and what it answered; None: it failed, and the log says how."""

    cleaner: str
    answer: object | None


def clean_all() -> Iterator[Cleaned]:
    """One after the other; one that fails does not keep the others."""
    for cleaner in dict.fromkeys(one.cleaned_by for one in holdings().values()):
        if not cleaner:
            continue
        try:
            yield Cleaned(cleaner, import_string(cleaner)() or 0)
        except Exception:
            logger.exception("%s failed.", cleaner)
            yield Cleaned(cleaner, None)
