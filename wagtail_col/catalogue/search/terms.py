"""Words of an address that every part of the search uses."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from wagtail_col.catalogue.models import Provider, Territory

DIGITS = 10


class BadQuery(Exception):
    """An address that makes no sense: which ``parameter``, and a ``message`` for people."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(f"{parameter}: {message}")
        self.parameter = parameter
        self.message = message


def short(record: Territory | Provider) -> str:
    """A record in an address: the first ten digits of its key, which never changes."""
    return record.key.hex[:DIGITS]


def with_shorts(shorts: Iterable[str]) -> Q:
    """Which records have one of these short names."""
    rest = 32 - DIGITS
    found = Q(pk__in=())
    for one in shorts:
        found |= Q(key__range=(UUID(one + "0" * rest), UUID(one + "f" * rest)))
    return found
