"""Custom parameters: what a tool asked to be sent along, with its ``$Variables`` filled in.

Sources: LTI 1.3 core, sections 5.4.6 and 6.1, appendix B; Deep Linking 2.0, section 6 (the
variables of the times a course is open).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

#: Parameters that are sent with one message.
MOST = 100
#: Characters of the longest value.
LONGEST = 4000


def substitute(custom: Mapping[str, Any], variables: Mapping[str, str]) -> dict[str, str]:
    """``custom`` with every value as text, and every value that is a known ``$Name`` replaced.

    A variable we do not know stays as it is, so that the tool can see that (6.1). One we know but
    may not tell, or have no value for, is empty. What came in for one is not looked at again.
    """
    filled = {}
    for name, value in list(custom.items())[:MOST]:
        text = _as_text(value)
        if text.startswith("$"):
            text = variables.get(text[1:], text)
        filled[str(name).strip()] = text.strip()[:LONGEST]
    return filled


def as_moment(moment: datetime | None) -> str:
    """A moment as variables carry it (ISO 8601, UTC), "" where there is none."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value).strip()
