"""What somebody meant who typed words that nothing has."""

from __future__ import annotations

from wagtail_col.catalogue import vocabulary
from wagtail_col.catalogue.models import Listing
from wagtail_col.catalogue.words import words

from . import texts

#: How many words like a mistyped one are looked for.
MOST_TRIED = 5


def meant(typed: str) -> str:
    """``typed`` where something published has all its words, else with those that nothing has
    replaced by the likeliest that something has; ``typed`` too where that finds nothing."""
    if not typed or _is_found(typed):
        return typed
    asked = words(typed)
    likely = " ".join(word if _is_found(word) else _likeliest(word) for word in asked)
    return likely if likely != " ".join(asked) and _is_found(likely) else typed


def _likeliest(word: str) -> str:
    tried = vocabulary.like(word)[:MOST_TRIED]
    return next((one for one in tried if _is_found(one)), word)


def _is_found(typed: str) -> bool:
    # Published: what was withdrawn is not told, not even by a word of it.
    return Listing.objects.published().filter(pk__in=texts.matching(typed)).exists()
