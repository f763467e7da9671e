"""From an address with everything that a form sends to the short one of the same search."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.utils.cache import patch_cache_control
from django.utils.http import escape_leading_slashes

from wagtail_col.catalogue.conditional import FRESH
from wagtail_col.catalogue.scoping import WHOLE
from wagtail_col.catalogue.search import Query

#: What a search is made of; ``was`` is what a form says of itself.
_OWN = frozenset(
    (
        "q", "interest", "kind", "skill", "when", "from", "to", "time", "place", "free",
        "max_price", "age", "language", "access", "district", "provider", "near", "at", "within",
        "box", "sort", "page", "was",
    )
)  # fmt: skip


def shorter(params: QueryDict, query: Query) -> str | None:
    """The query string that says the same with fewer parameters; None where there is none.

    Fewer, so that nobody is sent round in a circle. What is not ours stays as it is.
    """
    given = [(name, value) for name, values in params.lists() for value in values]
    others = [one for one in given if one[0] not in _OWN or _is_scope(*one)]
    said = [*query.params(), *others]
    return urlencode(said, safe=",") if len(said) < len(given) else None


def _is_scope(name: str, value: str) -> bool:
    """Whether this is the provider whose search it is, and no filter."""
    return name == "provider" and len(value) >= WHOLE


def to_shorter(request: HttpRequest, query: Query) -> HttpResponseRedirect | None:
    """Sends a reader on to the short address of the same search, where theirs is a longer one."""
    said = shorter(request.GET, query)
    if said is None:
        return None
    path = escape_leading_slashes(request.path)
    # Not for ever: what is a place, and so what is left of the words, changes with the catalogue.
    response = HttpResponseRedirect(f"{path}?{said}" if said else path)
    patch_cache_control(response, max_age=FRESH)
    return response
