"""Pages of a list, by ``limit`` and ``offset`` (Open Badges 3.0, section 6.4; RFC 8288)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from rest_framework.request import Request

from wagtail_col.api.errors import BadParameter
from wagtail_col.conf import base_url

MOST = 100
USUAL = 50
#: Larger numbers are no positions in any list, and no numbers for a database.
LARGEST = 10**9


@dataclass(frozen=True)
class Page:
    """A part of a list."""

    limit: int
    offset: int

    @property
    def slice(self) -> slice:
        return slice(self.offset, self.offset + self.limit)

    def headers(self, request: Request, total: int) -> dict[str, str]:
        """``X-Total-Count``, and ``Link`` with first and last always, next and prev if any."""
        last = max(0, (total - 1) // self.limit * self.limit)
        offsets = {"first": 0, "last": last}
        if self.offset + self.limit < total:
            offsets["next"] = self.offset + self.limit
        if self.offset > 0:
            offsets["prev"] = max(0, min(self.offset - self.limit, last))
        links = (f'<{self._url(request, at)}>; rel="{name}"' for name, at in offsets.items())
        return {"X-Total-Count": str(total), "Link": ", ".join(links)}

    def _url(self, request: Request, offset: int) -> str:
        others = {
            name: value
            for name, value in request.query_params.items()
            if name not in ("limit", "offset")
        }
        query = urlencode({**others, "limit": self.limit, "offset": offset})
        return f"{base_url()}{request.path}?{query}"


def page_of(request: Request) -> Page:
    """The page that is asked for; more than ``MOST`` is ``MOST``. Raises BadParameter."""
    limit = _number(request, "limit", USUAL, least=1)
    return Page(min(limit, MOST), _number(request, "offset", 0, least=0))


def since_of(request: Request, name: str = "since") -> datetime | None:
    """An aware moment, or None. Raises BadParameter."""
    text = request.query_params.get(name)
    if text is None:
        return None
    try:
        # A "+" that was not escaped arrives as a space.
        moment = parse_datetime(text.replace(" ", "+") if "T" in text else text)
        if moment is not None and timezone.is_aware(moment):
            return moment.astimezone(timezone.get_default_timezone())
    except (ValueError, OverflowError):
        pass
    raise BadParameter(name, f"{name} has to be a date and time with its zone (RFC 3339).")


def _number(request: Request, name: str, usual: int, *, least: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) <= 12) or not (
        least <= int(text) <= LARGEST
    ):
        raise BadParameter(name, f"{name} has to be a whole number from {least}.")
    return int(text)
