"""Words as people type them: without case and accents."""

from __future__ import annotations

import re
import unicodedata

#: Letters that no decomposition takes apart, as people type them on another keyboard.
_LETTERS = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """``text`` in lower case, without accents, white space joined: ``"Žena  Ñ"`` → ``"zena n"``."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def words(text: str) -> list[str]:
    """The folded words of a text, without punctuation: ``"¡Taller de Radio!"`` → 3 words."""
    return _WORD.findall(fold(text))


def searchable(text: str) -> str:
    """The words of a text with a space before each, so that ``" rad"`` finds a word's beginning."""
    return "".join(f" {word}" for word in words(text))
