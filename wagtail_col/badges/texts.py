"""Texts that are going to be signed: which are refused when they are written, and how they are
made safe where they come from elsewhere."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# What a signature cannot carry everywhere (openbadges.signable), and what turns text around.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def check_signable(text: str) -> None:
    """A validator of Django: ValidationError for a character that cannot be signed."""
    found = _CONTROL.search(text)
    if found:
        raise ValidationError(
            _(
                "Character %(position)s of this text is an invisible control character, which a "
                "badge cannot carry. Delete it or type the text again."
            ),
            code="control-character",
            params={"position": found.start() + 1},
        )


def signable(text: str) -> str:
    """The text without characters that cannot be signed, lines kept."""
    return _CONTROL.sub(" ", text).strip()


def one_line(text: str, most: int | None = None) -> str:
    """The text on one line, without characters that cannot be signed, cut after ``most``."""
    line = " ".join(signable(text).split())
    if most is not None and len(line) > most:
        return line[: most - 1].rstrip() + "…"
    return line
