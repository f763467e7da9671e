"""The words of all texts, and which of them are like a word that somebody typed.

Words are found by the trigrams they share, then compared letter by letter. This is the same on
each database and needs no extension. What is not written any more stays until the index is made
anew: a word is offered only after it has been found.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from wagtail_col.catalogue import storing
from wagtail_col.catalogue.models import ListingText, Word, WordPart

SHORTEST = 4
#: Words shorter than this may differ in one letter, others in two.
TWO_ERRORS_FROM = 6
#: Values of one statement.
BATCH = 500
#: How many words with the most trigrams in common are compared letter by letter.
MOST_COMPARED = 40


def learn(folded: Iterable[str]) -> None:
    """Keep the words of texts (as ``ListingText.folded``) that are new.

    Inside the caller's transaction, which has counted the catalogue's revision up: so two
    never write the same word at once.
    """
    seen = sorted(kept(folded))
    for start in range(0, len(seen), BATCH):
        part = seen[start : start + BATCH]
        known = set(Word.objects.filter(text__in=part).values_list("text", flat=True))
        new = [word for word in part if word not in known]
        if new:
            storing.insert_new(Word, [{"text": word} for word in new])
            written = Word.objects.filter(text__in=new).values_list("pk", "text")
            storing.insert_new(
                WordPart,
                [{"part": part, "word_id": pk} for pk, word in written for part in parts(word)],
            )


def relearn() -> int:
    """Bring the words in line with the texts; how many were not right."""
    there: set[str] = set()
    rows = ListingText.objects.order_by("pk").values_list("folded", flat=True)
    for folded in rows.iterator(chunk_size=2000):
        there |= kept([folded])
    known = set(Word.objects.values_list("text", flat=True))
    learn(there - known)
    gone = sorted(known - there)
    for start in range(0, len(gone), BATCH):
        Word.objects.filter(text__in=gone[start : start + BATCH]).delete()
    return len(there ^ known)


def like(word: str) -> list[str]:
    """Words that ``word`` (folded) can have meant, the likeliest first; it is not among them."""
    if len(word) < SHORTEST or len(word) > Word.LONGEST or not word.isalpha():
        return []
    shared = (
        WordPart.objects.filter(part__in=parts(word))
        .values_list("word__text")
        .annotate(shared=Count("pk"))
        .order_by("-shared", "word__text")[:MOST_COMPARED]
    )
    most = 1 if len(word) < TWO_ERRORS_FROM else 2
    found = [
        (errors, -number, text)
        for text, number in shared
        if text != word and (errors := distance(word, text, most)) <= most
    ]
    return [text for _errors, _shared, text in sorted(found)]


def parts(word: str) -> list[str]:
    """``"radio"`` → ``"  r"``, ``" ra"``, ``"rad"``, …, ``"io "``."""
    marked = f"  {word} "
    return sorted({marked[start : start + 3] for start in range(len(marked) - 2)})


def distance(one: str, other: str, most: int) -> int:
    """How many letters are wrong, missing, too many or swapped; more than ``most`` is not counted.

    Optimal string alignment (Damerau and Levenshtein, no letter changed twice).
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        above, before, row = before, row, [i]
        for j, other_letter in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other_letter))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == other_letter:
                least = min(least, above[j - 2] + 1)
            row.append(least)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def kept(folded: Iterable[str]) -> set[str]:
    """Of texts (as ``ListingText.folded``) the words that are worth keeping."""
    # Most texts have the same words.
    there = set().union(*map(str.split, folded))
    return {word for word in there if SHORTEST <= len(word) <= Word.LONGEST and word.isalpha()}
