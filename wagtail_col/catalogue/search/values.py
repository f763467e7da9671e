"""The values of an address's parameters, whatever they mean."""

from __future__ import annotations

from django.http import QueryDict
from django.utils.translation import gettext as _

from .terms import BadQuery


def values_of(params: QueryDict, name: str) -> list[str]:
    """The values that say something, each once, in a fixed order."""
    return sorted({value.strip() for value in params.getlist(name)} - {""})


def value_of(params: QueryDict, name: str) -> str:
    """The one value, or "". Raises BadQuery where there are two."""
    values = values_of(params, name)
    if len(values) > 1:
        raise BadQuery(name, _("There are two different values; there can be one."))
    return values[0] if values else ""


def quoted(value: str) -> str:
    """A refused value as a message repeats it: shortened, control characters left out."""
    readable = "".join(c for c in value if c.isprintable())
    return readable if len(readable) <= 40 else f"{readable[:40]}…"
