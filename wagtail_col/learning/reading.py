"""The rule of a playlist in plain words, as its learners and its editors read it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_col.catalogue import saying
from wagtail_col.learning.adding import Sum, add
from wagtail_col.learning.rules import Rule, Station, progress

Titles = Mapping[Hashable, str]


def sentences(rule: Rule, titles: Titles, before: Titles | None = None) -> list[str]:
    """The whole rule, a sentence each: what comes first, how many and in which order, where one
    may choose, what is optional. ``titles`` of steps, ``before`` of the playlists that come first.
    """
    start = progress(rule)
    said = [*_first(rule, before or {}), how_many(rule)]
    counting = [station for station in start.counting if station.is_choice]
    said += [
        _("%(choices)s: one of these is enough.") % {"choices": _titles(station, titles)}
        for station in counting
    ]
    # Where all are optional, how_many says that one is enough.
    if any(station.required for station in start.stations):
        said += [
            _("Optional: %(choices)s.") % {"choices": _titles(station, titles)}
            for station in start.stations
            if not station.required
        ]
    return said


def how_many(rule: Rule) -> str:
    """``Do 3 of these 5 stations, in any order.``"""
    start = progress(rule)
    of, needed = len(start.counting), start.needed_count
    if not of:
        return _("There is no station yet.")
    if of == 1:
        return _("Do the one station.")
    if needed == 1:
        return ngettext(
            "Do any one of these %(of)s stations.", "Do any one of these %(of)s stations.", of
        ) % {"of": of}
    values = {"needed": needed, "of": of}
    if needed < of:
        if rule.in_order:
            return _("Do %(needed)s of these %(of)s stations, one after another.") % values
        return _("Do %(needed)s of these %(of)s stations, in any order.") % values
    if rule.in_order:
        return (
            ngettext(
                "Do all %(of)s stations, one after another.",
                "Do all %(of)s stations, one after another.",
                of,
            )
            % values
        )
    return (
        ngettext(
            "Do all %(of)s stations, in any order.", "Do all %(of)s stations, in any order.", of
        )
        % values
    )


def in_one_line(rule: Rule, before: Titles | None = None) -> str:
    """What comes first and how many, without titles of steps: what a badge keeps of the rule."""
    return " ".join([*_first(rule, before or {}), how_many(rule)])


def time_in_words(takes: Sum[int]) -> str:
    """``about 3 hours``, ``about 3 to 5 hours``; empty when nothing is known."""
    if not takes.most:
        return ""
    least, most = _rounded(takes.least or 0), _rounded(takes.most)
    if not least or least == most:
        return _("about %(time)s") % {"time": saying.minutes_in_words(most)}
    return _("about %(least)s to %(most)s") % {
        "least": saying.minutes_in_words(least),
        "most": saying.minutes_in_words(most),
    }


def cost_in_words(costs: Sum[Decimal], currency: str) -> str:
    """``It costs nothing.``, ``It costs € 5 to € 12.``, and of how many stations it is not known;
    empty when nothing is known."""
    if costs.least is None or costs.most is None:
        return ""
    values = {
        "least": saying.price_in_words(None, costs.least, currency),
        "most": saying.price_in_words(None, costs.most, currency),
    }
    if not costs.most:
        said = _("It costs nothing.")
    elif costs.least == costs.most:
        said = _("It costs %(most)s.") % values
    elif not costs.least:
        said = _("It costs nothing, or up to %(most)s, as you choose.") % values
    else:
        said = _("It costs %(least)s to %(most)s, as you choose.") % values
    if costs.unknown:
        said += " " + ngettext(
            "What %(count)s station costs is not known.",
            "What %(count)s stations cost is not known.",
            costs.unknown,
        ) % {"count": costs.unknown}
    return said


def cost_of(rule: Rule, costs: Mapping[Hashable, tuple[Decimal | None, str]]) -> str:
    """``cost_in_words`` for the steps' prices and their currencies. What is in another currency
    than the first one with a price counts as not known."""
    paid = [currency for cost, currency in costs.values() if cost]
    currency = paid[0] if paid else "EUR"
    amounts = {
        key: cost if not cost or other == currency else None for key, (cost, other) in costs.items()
    }
    return cost_in_words(add(rule, amounts), currency)


def _first(rule: Rule, before: Titles) -> list[str]:
    return [_("First finish the line “%s”.") % before[key] for key in rule.before if key in before]


def _titles(station: Station, titles: Titles) -> str:
    named = [f"“{titles[key]}”" for key in station.keys if key in titles]
    said = named[0] if named else ""
    for other in named[1:]:
        said = _("%(one)s or %(other)s") % {"one": said, "other": other}
    return said


def _rounded(minutes: int) -> int:
    return round(minutes / 60) * 60 if minutes >= 120 else minutes
