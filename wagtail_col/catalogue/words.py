"""Words as people type them: without case and accents; and what they are forms of."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import chain, repeat

import snowballstemmer

#: Letters that no decomposition takes apart, as people type them on another keyboard.
_LETTERS = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})
_WORD = re.compile(r"[^\W_]+")

#: Languages whose words are found in all their forms, by the first part of their code.
_ALGORITHMS = {
    "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish",
    "fr": "french", "ga": "irish", "hu": "hungarian", "it": "italian", "lt": "lithuanian",
    "nb": "norwegian", "nl": "dutch", "nn": "norwegian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
#: What a database's index can hold: longer words are cut, and of longer texts the end is left out.
LONGEST_WORD = 60
MOST_WORDS = 3000
#: Stands before each word of a title, once more beside the word itself. Like marks of languages,
#: nobody types it.
TITLE = "0t0"
#: Shorter words have no forms that are worth an entry.
_SHORTEST = 3
#: Roots from this length on are no other language's words by chance.
_SURE = 4
#: Letters of an ending that nouns take.
_HARDLY_LONGER = 2
#: Here roots are words by themselves, also short ones: sew, sewing.
_WHOLE_ROOTS = ("en",)


def fold(text: str) -> str:
    """``text`` in lower case, without accents, white space joined: ``"Žena  Ñ"`` → ``"zena n"``."""
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def words(text: str) -> list[str]:
    """The folded words of a text, without punctuation: ``"¡Taller de Radio!"`` → 3 words."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(text))]


# The same words come again and again, also in a million texts.
@lru_cache(maxsize=50_000)
def roots(word: str, language: str) -> tuple[str, ...]:
    """What a folded word is a form of, marked with its language: ``("es0guitarr",)``.

    Two words are forms of each other where they share one. Empty for a language whose grammar is
    not known here, and for words without forms. No word that people type looks like it, so roots
    and words live in one index.

    A short word that is its own root is often of another language: Spanish takes *gitara* for a
    form of *git*. It is related to words that are hardly longer (*pan*, *panes*), by a root of its
    own; forms of a verb share the usual one (*nadar*, *nadando*).
    """
    code = language.partition("-")[0]
    if len(word) < _SHORTEST or not word.isalpha() or code not in _ALGORITHMS:
        return ()
    stem = _stem(word, _ALGORITHMS[code])
    usual, own = f"{code}0{stem}", f"{code}00{stem}"
    if len(stem) >= _SURE or code in _WHOLE_ROOTS:
        return (usual,)
    if stem == word:
        return (own,)
    return (usual, own) if len(word) - len(stem) <= _HARDLY_LONGER else (usual,)


def searchable(text: str, language: str = "") -> str:
    """What finds a text: its words and their roots, each once with a space before it, so that
    ``" rad"`` finds a word's beginning."""
    return _joined(" ", _with_roots(text, language))


def in_title(title: str, language: str = "") -> str:
    """The words of a title and their roots, marked: what tells a title that has a word."""
    return _joined(f" {TITLE}", _with_roots(title, language))


def _with_roots(text: str, language: str) -> dict[str, None]:
    found = dict.fromkeys(words(text)[:MOST_WORDS])
    return found | dict.fromkeys(chain.from_iterable(map(roots, found, repeat(language))))


def _joined(before: str, found: dict[str, None]) -> str:
    return before + before.join(found) if found else ""


@cache
def _stemmer(algorithm: str):
    return snowballstemmer.stemmer(algorithm)


def _stem(word: str, algorithm: str) -> str:
    # Some algorithms put accents back where they take an ending away.
    return fold(_stemmer(algorithm).stemWord(word))
