"""Every address of Wagtail's admin, found by walking the site's own list of them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator

from django.urls import get_resolver, reverse

#: One part of an address that stands for something.
_PART = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>[^)]*\)|\(([^)]*)\)")


def admin_routes() -> list[str]:
    """All of them, as Django writes them: ``admin/pages/<int:page_id>/edit/``."""
    reverse("wagtailadmin_home")  # Wagtail reads its hooks with the addresses.
    return sorted(
        route
        for route in _walk(get_resolver().url_patterns)
        if route.startswith("admin/") and route != "admin/^.*/$"
    )


def _walk(patterns: list, before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield route


def filled(route: str, values: Callable[[str, str], list]) -> Iterator[str]:
    """The addresses of a route; ``values(name, route)``: what may stand for a part."""
    names = [match[1] or match[2] or match[3] for match in map(_names, _PART.finditer(route))]
    for chosen in itertools.product(*(values(name, route) for name in names)):
        rest = iter(chosen)
        address = _PART.sub(lambda _match, rest=rest: str(next(rest)), route)
        yield "/" + address.replace("^", "").replace("$", "").replace("\\", "")


def _names(match: re.Match) -> tuple:
    return ("", match[2], match[3], match[4])
