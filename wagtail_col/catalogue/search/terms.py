"""Words of an address that every part of the search uses."""

from __future__ import annotations

from wagtail_col.catalogue.models import Territory


class BadQuery(Exception):
    """An address that makes no sense: which ``parameter``, and a ``message`` for people."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(f"{parameter}: {message}")
        self.parameter = parameter
        self.message = message


def short(territory: Territory) -> str:
    """A territory in an address: the first ten digits of its key, which never changes."""
    return territory.key.hex[:10]
