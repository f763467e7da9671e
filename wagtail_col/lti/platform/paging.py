"""Pages of a container: how many at most, where the next one begins, and the ``Link`` header.

Sources: Assignment and Grade Services 2.0, sections 3.2.4 and 3.3.6; Names and Role Provisioning
Services 2.0, section 2.4; RFC 8288.

The address of the next page holds all that the first request asked for, in one parameter in
hexadecimal digits: tools use that address as it is, and some change it to lower case first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext_lazy as _

from wagtail_col.lti.platform.requirements import Refused, requirement

#: As many as one page has, whatever a tool asks for (AGS 2.0, 3.2.4: at our own discretion).
MOST = 100
_LONGEST_PAGE = 8192

LIMIT = requirement(
    "limit",
    "Assignment and Grade Services 2.0, 3.2.4",
    "limit",
    _("“limit” is not a whole number above 0."),
    _("The course provider asks for a list in a wrong way. Tell its support."),
)
PAGE = requirement(
    "page",
    "Assignment and Grade Services 2.0, 3.2.4",
    "page",
    _("The address of the next page was changed."),
    _("The course provider has to use the address of the next page exactly as we gave it."),
)
FILTER = requirement(
    "filter",
    "Assignment and Grade Services 2.0, 3.2.4",
    "query",
    _("A filter of a list is there twice or too long."),
    _("The course provider asks for a list in a wrong way. Tell its support."),
)


class Page(NamedTuple):
    """One page of a container: ``filters`` by name, at most ``limit`` rows after row ``after``."""

    filters: dict[str, str]
    limit: int
    after: int

    def next(self, after: int) -> str:
        """The query of the page after row ``after``."""
        return self.query(after=str(after))

    def query(self, **more: str) -> str:
        """A query that asks for the same rows, with ``more`` in it."""
        asked = urlencode({**self.filters, "limit": str(self.limit), **more})
        return f"page={asked.encode().hex()}"


def read_page(
    query: Iterable[tuple[str, str]], filters: Iterable[str], inner: Iterable[str] = ()
) -> Page:
    """What a request asks for, from the parameters of its query.

    ``filters``: names of those this container knows; ``inner``: names that only we write, into the
    address of a further page. Other parameters are ignored. Raises ``Refused``.
    """
    names = {*filters, "limit"}
    asked = _once(query, names | {"page"})
    if "page" in asked:
        # The further page is asked for as a whole: nothing beside it counts.
        asked = _once(_unpacked(asked["page"]), names | {"after", *inner})
        if "after" not in asked:
            raise Refused(PAGE)
    after = asked.pop("after", "0")
    if not re.fullmatch("[0-9]{1,18}", after):
        raise Refused(PAGE)
    return Page(filters=asked, limit=_limit(asked.pop("limit", None)), after=int(after))


def link_header(links: Mapping[str, str]) -> str:
    """``<url>; rel="next"`` for each relation and its URL. Quoted: common clients look for that."""
    return ", ".join(f'<{url}>; rel="{relation}"' for relation, url in links.items())


def _limit(value: str | None) -> int:
    if value is None:
        return MOST
    if not re.fullmatch("[0-9]{1,9}", value) or not int(value):
        raise Refused(LIMIT, value[:20])
    return min(int(value), MOST)


def _once(pairs: Iterable[tuple[str, str]], names: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs:
        if name not in names:
            continue
        if name in found:
            raise Refused(FILTER, f"{name} is there twice")
        if len(value) > (_LONGEST_PAGE if name == "page" else 255):
            raise Refused(FILTER, f"{name} is too long")
        if "\0" in value:
            raise Refused(FILTER, f"{name} holds U+0000")
        found[name] = value
    return found


def _unpacked(page: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            bytes.fromhex(page).decode(), keep_blank_values=True, max_num_fields=20, errors="strict"
        )
    except ValueError as error:
        raise Refused(PAGE) from error
