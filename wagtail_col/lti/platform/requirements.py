"""What a message has to be like, each requirement with its source, and the refusal that names it.

Every check of the protocol raises ``Refused`` with one of these. The table in
``docs/reference/lti-conformance.md`` has a line for each of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

#: Every requirement by its code.
REQUIREMENTS: dict[str, Requirement] = {}


@dataclass(frozen=True)
class Requirement:
    """One rule of the protocol.

    ``code``: short and stable, for the log, tests and docs. ``section``: where the rule stands,
    for example "Security Framework 1.0, 5.1.1.2". ``field``: the parameter, claim or member.
    ``error``: the protocol's error code (RFC 6749, OpenID Connect). ``status``: of an HTTP answer.
    ``says`` and ``mend`` (lazy translations): what is wrong, and how to mend it, for a coordinator
    who has never heard of LTI.
    """

    code: str
    section: str
    field: str
    says: Any
    mend: Any
    error: str = "invalid_request"
    status: int = 400


def requirement(
    code: str, section: str, field: str, says: Any, mend: Any, **more: Any
) -> Requirement:
    """Define a requirement once, beside the check that uses it."""
    if code in REQUIREMENTS:
        raise ValueError(f"There are two requirements {code!r}.")
    REQUIREMENTS[code] = made = Requirement(code, section, field, says, mend, **more)
    return made


class Refused(Exception):
    """A message was refused. Nothing has changed.

    ``detail`` says what was found instead, cut short, no names or tokens: it goes to the log.
    """

    def __init__(self, requirement: Requirement, detail: str = "") -> None:
        # Some of it was sent by strangers: one line, and nothing that a database cannot store.
        detail = "".join(
            c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in detail[:300]
        )
        super().__init__(f"{requirement.code}: {detail}" if detail else requirement.code)
        self.requirement = requirement
        self.detail = detail
