"""Interests, kinds and providers that are called like words that no text has.

Somebody who looks for *dancing* wants what is under *Dance*, whatever its texts say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from wagtail_col.catalogue.models import Interest, Kind, Provider
from wagtail_col.catalogue.search import Query
from wagtail_col.catalogue.search.answers import answer
from wagtail_col.catalogue.search.terms import short
from wagtail_col.catalogue.words import roots, words
from wagtail_col.conf import languages
from wagtail_col.records import best_text

#: As many are offered, those with the most first.
MOST = 4
#: Letters that are enough to be the beginning of a name.
_SHORTEST_BEGINNING = 3


class Called(NamedTuple):
    """Something that is called so: its name, how much the rest of the search finds there."""

    name: str
    count: int
    query: Query
    is_provider: bool = False


def called(query: Query) -> list[Called]:
    """What is called like the words of a search, with everything else of the search.

    Takes some queries; for searches that find nothing.
    """
    asked = words(query.q)
    if not asked:
        return []
    rest = query.without("q")
    # All counts at once: each of a filter is without that filter.
    counts = answer(rest).facets([])
    found = [
        *_interests(asked, rest, counts.interest),
        *_kinds(asked, rest, counts.kind),
        *_providers(asked, rest, counts.provider),
    ]
    return sorted(found, key=lambda one: (-one.count, one.name))[:MOST]


def _interests(asked: list[str], rest: Query, counts: dict[str, int]) -> Iterator[Called]:
    there = Interest.objects.filter(slug__in=counts).prefetch_related("names")
    for interest in there:
        names = interest.names.all()
        if any(is_called(asked, one.name) for one in names):
            query = rest.but(interest=(interest.slug,))
            yield Called(best_text(names).name, counts[interest.slug], query)


def _kinds(asked: list[str], rest: Query, counts: dict[str, int]) -> Iterator[Called]:
    for value, label in Kind.choices:
        if counts.get(value) and (is_called(asked, str(label)) or is_called(asked, value)):
            yield Called(str(label), counts[value], rest.but(kind=(value,)))


def _providers(asked: list[str], rest: Query, counts: dict[int, int]) -> Iterator[Called]:
    """Not where it is a provider's own search."""
    if rest.provider:
        return
    names = Provider.objects.published().values_list("pk", "texts__name")
    like = {pk for pk, name in names if pk in counts and is_called(asked, name or "")}
    for provider in Provider.objects.filter(pk__in=like).prefetch_related("texts"):
        query = rest.but(providers=(short(provider),))
        yield Called(provider.text.name, counts[provider.pk], query, is_provider=True)


def is_called(asked: list[str], name: str) -> bool:
    """Whether all the words that were asked for are in a name, or all of a name are among them:
    as the same word, another form of it, or its beginning."""
    known = words(name)
    if not known:
        return False
    by_name = _forms(known)
    by_words = _forms(asked)
    return all(_is_in(word, by_name, known) for word in asked) or all(
        _is_in(word, by_words, ()) for word in known
    )


def _is_in(word: str, forms: set[str], begun: Iterable[str]) -> bool:
    return not forms.isdisjoint(_forms([word])) or (
        len(word) >= _SHORTEST_BEGINNING and any(one.startswith(word) for one in begun)
    )


def _forms(all_: list[str]) -> set[str]:
    found = {one for word in all_ for language in languages() for one in roots(word, language)}
    return found | set(all_)
