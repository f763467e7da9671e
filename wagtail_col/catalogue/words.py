"""Words as people type them: without case and accents."""

from __future__ import annotations

import unicodedata

#: Letters that no decomposition takes apart, as people type them on another keyboard.
_LETTERS = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})


def fold(text: str) -> str:
    """``text`` in lower case, without accents, white space joined: ``"Žena  Ñ"`` → ``"zena n"``."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())
