"""Where something is looked for: the place in an address, and a place among typed words."""

from __future__ import annotations

import math
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from wagtail_col import geocoding
from wagtail_col.catalogue import vocabulary
from wagtail_col.catalogue.models import Territory, TerritoryText
from wagtail_col.catalogue.words import words
from wagtail_col.geo import Box, Point, check_point, distance_km
from wagtail_col.records import State

from .terms import BadQuery
from .values import quoted, value_of

#: Kilometres around a place that go without saying, and the most.
NEARBY = 10
FURTHEST = 500
LONGEST_NAME = 100
#: Digits of degrees that are kept: about a metre.
DIGITS = 5
#: Of places somebody can have meant, as many are offered.
MOST_LIKE = 3

_KM = re.compile(r"^\d{1,3}$", re.ASCII)

#: What stands between words and a place. The first tell a place from anything else, so that every
#: town on the map is one; the second may mean anything, so only our own territories are meant.
_NEAR = (
    "near", "near to", "close to", "around", "cerca de", "cerca", "junto a", "alrededor de",
    "prop de", "blizu", "v blizini", "u blizini", "okoli", "pres de", "proche de", "autour de",
    "in der nahe von", "nahe", "vicino a", "perto de", "w poblizu", "kolem", "blizko",
    "aproape de", "lahella",
)  # fmt: skip
_IN = ("in", "at", "en", "v", "pri", "na", "em", "bei")


def read_place(params: QueryDict, territory: Territory | None) -> dict[str, Any]:
    """The fields ``near``, ``at``, ``point``, ``within`` and ``box`` of a Query, or BadQuery."""
    near, at = " ".join(value_of(params, "near").split()), _at(params)
    within = value_of(params, "within")
    if within and not (_KM.match(within) and 1 <= int(within) <= FURTHEST):
        raise BadQuery(
            "within",
            _("Kilometres are a whole number from 1 to %(most)s, not “%(value)s”.")
            % {"most": FURTHEST, "value": quoted(within)},
        )
    if near and at:
        raise BadQuery("at", _("Choose either a place or a point, not both."))
    point = at
    if near:
        if len(near) > LONGEST_NAME:
            raise BadQuery(
                "near",
                _("That is too long. Use at most %(most)s characters.") % {"most": LONGEST_NAME},
            )
        point = place_called(near, territory)
        if point is None:
            raise BadQuery("near", _("We know no place called “%s”.") % quoted(near))
    return {
        "near": near,
        "at": at,
        "point": point,
        # Without a place it means nothing; a form sends it all the same.
        "within": int(within) if within and point else NEARBY,
        "box": _box(params),
    }


def words_and_place(typed: str, territory: Territory | None) -> dict[str, Any]:
    """``guitar near Vallecas`` as fields of a Query; ``{}`` where no known place is named.

    The words before are looked for, within ``NEARBY`` kilometres of the place.
    """
    parts = typed.split()
    folded = [" ".join(words(part)) for part in parts]
    for length in (4, 3, 2, 1):
        for start in range(len(parts) - length):
            said = " ".join(folded[start : start + length])
            if said not in _NEAR and said not in _IN:
                continue
            name = " ".join(parts[start + length :])
            point = place_called(name, territory, everywhere=said in _NEAR)
            if point:
                before = " ".join(parts[:start])
                found = {"q": before if words(before) else "", "near": name, "at": None}
                # “in Vallecas near Madrid”: the closer one is meant, so read again it is the same.
                return {**found, "point": point, **words_and_place(before, territory)}
    return {}


def place_called(name: str, scope: Territory | None, *, everywhere: bool = True) -> Point | None:
    """Where a place is: a territory of ours, inside the scope first, else a town of the gazetteer.

    ``Vallecas`` finds ``Puente de Vallecas`` too: every word has to be one of the name's. Of
    towns with one name the one nearest to the scope is meant, without a scope the largest.
    """
    if not words(name):
        return None
    return _own(name, scope) or (_town(name, scope) if everywhere else None)


def unknown_place(typed: str) -> tuple[str, str] | None:
    """What stands before a place that nobody knows, ``near`` included, and the place's name; None
    where no place is named. ``guitar near Valecas`` → ``("guitar near", "Valecas")``."""
    parts = typed.split()
    folded = [" ".join(words(part)) for part in parts]
    for length in (4, 3, 2, 1):
        for start in range(len(parts) - length):
            end = start + length
            if " ".join(folded[start:end]) in _NEAR:
                return " ".join(parts[:end]), " ".join(parts[end:])
    return None


def before_place(said: str) -> str:
    """``guitar near`` → ``guitar``: the words that are looked for."""
    parts = said.split()
    folded = [" ".join(words(part)) for part in parts]
    start = next(n for n in range(len(parts)) if " ".join(folded[n:]) in _NEAR)
    return " ".join(parts[:start])


def places_like(name: str, scope: Territory | None) -> list[str]:
    """Names of places that can have been meant by one that nobody knows, the likeliest first."""
    wanted = words(name)
    if not wanted:
        return []
    found: dict[str, tuple] = {}
    for called, path in TerritoryText.objects.filter(
        territory__state=State.PUBLISHED, territory__centre_lon__isnull=False
    ).values_list("name", "territory__path"):
        known = words(called)
        wrong = _wrong(wanted, known)
        if wrong is not None:
            outside = bool(scope) and not path.startswith(scope.path)
            rank = (wrong, len(known) - len(wanted), outside, 0.0)
            found[called] = min(rank, found.get(called, rank))
    folded = " ".join(wanted)
    most, letters = _most_wrong(folded), set(folded)
    centre = scope.centre if scope else None
    for key, town in geocoding.known_names():
        # Most names are another one at first sight.
        if abs(len(key) - len(folded)) > most or len(letters.symmetric_difference(key)) > 2 * most:
            continue
        wrong = vocabulary.distance(folded, key, most)
        if 0 < wrong <= most and town.name not in found:
            far = distance_km(Point(town.lon, town.lat), centre) if centre else 0.0
            found[town.name] = (wrong, 0, True, far)
    likely = sorted(found, key=lambda one: (found[one], one))
    return likely[:MOST_LIKE]


def _wrong(wanted: list[str], known: list[str]) -> int | None:
    """How many letters are wrong in words of a name; None where one is like none of them."""
    wrong = 0
    for word in wanted:
        most = _most_wrong(word)
        least = min((vocabulary.distance(word, one, most) for one in known), default=most + 1)
        if least > most:
            return None
        wrong += least
    return wrong


def _most_wrong(word: str) -> int:
    if len(word) < vocabulary.SHORTEST:
        return 0
    return 1 if len(word) < vocabulary.TWO_ERRORS_FROM else 2


def _own(name: str, scope: Territory | None) -> Point | None:
    wanted = words(name)
    rows = TerritoryText.objects.filter(
        territory__state=State.PUBLISHED, territory__centre_lon__isnull=False
    ).values_list("name", "territory__path", "territory__centre_lon", "territory__centre_lat")
    found = []
    for called, path, lon, lat in rows:
        known = words(called)
        if set(wanted) <= set(known):
            outside = bool(scope) and not path.startswith(scope.path)
            found.append((outside, known != wanted, len(known), path, Point(lon, lat)))
    return min(found)[-1] if found else None


def _town(name: str, scope: Territory | None) -> Point | None:
    towns = [Point(town.lon, town.lat) for town in geocoding.in_gazetteer(name)]
    if scope and scope.centre:
        towns.sort(key=lambda town: distance_km(town, scope.centre))
    return towns[0] if towns else None


def _at(params: QueryDict) -> Point | None:
    numbers = _numbers(params, "at", 2)
    if numbers is None:
        return None
    lat, lon = numbers
    try:
        return check_point(lon, lat)
    except ValidationError as refusal:
        raise BadQuery("at", refusal.messages[0]) from None


def _box(params: QueryDict) -> Box | None:
    numbers = _numbers(params, "box", 4)
    if numbers is None:
        return None
    box = Box(*numbers)
    if not (-180 <= box.west < box.east <= 180 and -90 <= box.south < box.north <= 90):
        raise BadQuery("box", _("The box has to lie on the earth, its west before its east."))
    return box


def _numbers(params: QueryDict, name: str, count: int) -> tuple[float, ...] | None:
    value = value_of(params, name)
    if not value:
        return None
    try:
        # No minus before a nought: the same place has the same address.
        numbers = tuple(round(float(part), DIGITS) + 0.0 for part in value.split(",", count))
    except ValueError:
        numbers = ()
    if len(numbers) != count or not all(map(math.isfinite, numbers)):
        message = (
            _("A point is two numbers: latitude,longitude.")
            if count == 2
            else _("The box is four numbers: west,south,east,north.")
        )
        raise BadQuery(name, message)
    return numbers
