"""The outcome of verifying: ordered checks, each with its reason, and what the badge says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .errors import OpenBadgesError, Reason
from .reading import Form
from .summary import Summary


class CheckCode(StrEnum):
    """The checks, in the order in which they run. The last one only when somebody asks."""

    READABLE = "readable"
    STRUCTURE = "structure"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    DATES = "dates"
    STATUS = "status"
    RECIPIENT = "recipient"


@dataclass(frozen=True, slots=True)
class Check:
    """One check. ``ok`` is None when it could not run because an earlier one failed, or when
    what it looks for is not said (whose the badge is).

    ``reason`` is a code to translate, ``message`` the same in English, ``data`` details.
    """

    code: CheckCode
    ok: bool | None
    reason: Reason
    message: str = ""
    data: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListedEndorsement:
    """Somebody who stands by the badge, its issuer or this award, as the badge itself says it.

    ``ok``: their own signature was checked and holds; None: it was not checked.
    """

    name: str
    comment: str
    ok: bool | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """All checks, and whom the document names as issuer (unproven unless the checks hold).

    ``document`` is what was read, or None. ``summary`` says the same as plain text, where it has
    the form of a badge at all; ``key_host`` is the host whose word the signature stands on.
    """

    checks: tuple[Check, ...]
    issuer: str | None = None
    document: dict | None = None
    form: Form | None = None
    summary: Summary | None = None
    key_host: str = ""
    endorsements: tuple[ListedEndorsement, ...] = ()

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)

    @property
    def failure(self) -> Check | None:
        """The first check that failed."""
        return next((check for check in self.checks if check.ok is False), None)

    @property
    def unknown_issuer(self) -> bool:
        """Whether the key is simply not known here: another issuer's badge, not checked."""
        return self.failure is not None and self.failure.reason == Reason.KEY_UNKNOWN

    @property
    def is_signed(self) -> bool:
        """Whether it says what it said when the issuer gave it: then its words may be shown."""
        return bool(self.check(CheckCode.SIGNATURE).ok and self.check(CheckCode.ISSUER).ok)

    def check(self, code: CheckCode) -> Check:
        return next(check for check in self.checks if check.code == code)


# Does one check: returns why it holds (mostly ``Reason.OK``), or None for what is not said, or
# raises ``OpenBadgesError``.
Step = Callable[[], Reason | None]

#: A badge can be past its date, withdrawn and somebody else's: all of it is worth saying.
_GO_ON_AFTER = (CheckCode.DATES, CheckCode.STATUS)


def run(steps: Mapping[CheckCode, Step]) -> tuple[Check, ...]:
    """Runs the steps in their order until one fails; the others are listed as not run."""
    checks: list[Check] = []
    stopped = False
    for code, step in steps.items():
        if stopped:
            checks.append(not_run(code))
            continue
        try:
            reason = step()
        except OpenBadgesError as error:
            checks.append(Check(code, False, error.code, error.message, error.data))
            stopped = code not in _GO_ON_AFTER
        else:
            if reason is None:
                checks.append(Check(code, None, Reason.NO_RECIPIENT, "This is not said."))
            else:
                checks.append(Check(code, True, reason))
    return tuple(checks)


def not_run(code: CheckCode) -> Check:
    return Check(code, None, Reason.NOT_RUN, "An earlier check failed.")


def unreadable(error: OpenBadgesError) -> Report:
    """The report of what could not even be read."""
    first, *others = list(CheckCode)[:-1]
    return Report(
        (
            Check(first, False, error.code, error.message, error.data),
            *(not_run(code) for code in others),
        )
    )
