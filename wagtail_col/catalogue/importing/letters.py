"""Which letters the upper half of the bytes are, in a file of a byte a letter that does not say.

The same byte is “è” in the west of Europe and “č” in its middle. The better reading is the one
whose letters are those of one language: a Slovene text read as a western one has “è” beside “š”,
which no language has, and a Spanish one read as from the middle has “ń”.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from wagtail_col.catalogue.importing.mapping import guess

#: The letters beyond a to z of languages, and signs that stand where others have letters.
_WEST = (
    "áéíóúüñ¿ºª", "àâçéèêëîïôùûüÿœæ", "àèéìíòóùúîºª", "áàâãçéêíóôõúüºª", "äöüß",
    "àçèéíïòóúü", "éèëïóöüá", "æøåéäö",
)  # fmt: skip
_MIDDLE = (
    "čšž", "čćđšž", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "ąćęłńóśźż", "áéíóöőúüű",
    "âăîşţ", "äöüß",
)  # fmt: skip
_READINGS = {
    "cp1252": _WEST,
    "cp1250": _MIDDLE,
    "iso8859-2": _MIDDLE,
}
_UPPER = range(0x80, 0x100)
_DIVIDERS = re.compile(r'[;,\t|"]+')


def counted(pieces: Iterable[bytes]) -> np.ndarray:
    """How often each byte is there."""
    counts = np.zeros(256, np.int64)
    for piece in pieces:
        counts += np.bincount(np.frombuffer(piece, np.uint8), minlength=256)
    return counts


def reading(counts: np.ndarray, first_line: bytes) -> str:
    """``cp1252``, ``cp1250`` or ``iso8859-2``. Where the letters alone do not tell, it is the one
    in which more headings are known, else the west."""
    said = {encoding: _letters(encoding) for encoding in _READINGS}
    # What is a letter in one of them is compared in all of them.
    compared = [
        byte
        for byte in _UPPER
        if counts[byte] and any(letters[byte].isalpha() for letters in said.values())
    ]

    def fits(encoding: str) -> tuple[int, int]:
        letters = said[encoding]
        most = max(
            sum(int(counts[byte]) for byte in compared if letters[byte] in alphabet)
            for alphabet in _READINGS[encoding]
        )
        headings = _DIVIDERS.split(first_line.decode(encoding, "replace").strip())
        return most, len(guess(list(dict.fromkeys(headings))))

    # Of equal ones the first.
    return max(_READINGS, key=fits)


def _letters(encoding: str) -> dict[int, str]:
    return {byte: bytes((byte,)).decode(encoding, "replace").lower() for byte in _UPPER}
