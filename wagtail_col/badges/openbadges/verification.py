"""Verifies a credential in front of a stranger: ordered checks, each with its reason."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from . import status
from .dates import read_moment
from .errors import OpenBadgesError, Reason, StatusError, StatusUnavailableError
from .proof import (
    CLOCK_TOLERANCE,
    ResolveKey,
    check_method_of_issuer,
    check_proof,
    check_signature,
    issuer_id,
)
from .strictjson import read_object
from .structure import check_badge, check_credential, check_endorsement, is_endorsement

# Takes the address of a status list; returns it as JSON values, text or bytes.
ResolveStatusList = Callable[[str], dict | bytes | str]

_ENTRY = "BitstringStatusListEntry"


class CheckCode(StrEnum):
    """The checks, in the order in which they run."""

    READABLE = "readable"
    STRUCTURE = "structure"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    DATES = "dates"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Check:
    """One check. ``ok`` is None when it could not run because an earlier one failed.

    ``reason`` is a code to translate, ``message`` the same in English, ``data`` details.
    """

    code: CheckCode
    ok: bool | None
    reason: Reason
    message: str = ""
    data: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """All six checks, and whom the document names as issuer (unproven unless ``ok``).

    ``document`` is what was read, or None.
    """

    checks: tuple[Check, ...]
    issuer: str | None = None
    document: dict | None = None

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

    def check(self, code: CheckCode) -> Check:
        return next(check for check in self.checks if check.code == code)


def verify(
    source: bytes | str,
    *,
    resolve_key: ResolveKey,
    resolve_status_list: ResolveStatusList,
    now: datetime,
) -> Report:
    """Reads ``source`` and checks it at the moment ``now`` (aware). Never raises for bad input.

    ``resolve_key`` takes a verification method, returns an Ed25519 public key or raises
    ``KeyUnknownError``. ``resolve_status_list`` takes an address, returns the signed list or
    raises ``StatusUnavailableError``; it is called only for addresses that the issuer signed.
    """
    document: dict = {}
    method = ""

    def readable() -> Reason:
        document.update(read_object(source))
        return Reason.OK

    def structure() -> Reason:
        if is_endorsement(document):
            check_endorsement(document)
        else:
            check_badge(document)
        return Reason.OK

    def signature() -> Reason:
        nonlocal method
        method = check_signature(document, resolve_key, now=now)
        return Reason.OK

    def issuer() -> Reason:
        check_method_of_issuer(document, method)
        return Reason.OK

    def dates() -> Reason:
        check_dates(document, now)
        return Reason.OK

    def current_status() -> Reason:
        return check_status(document, resolve_key, resolve_status_list, now)

    steps = (readable, structure, signature, issuer, dates, current_status)
    checks: list[Check] = []
    stopped = False
    for code, step in zip(CheckCode, steps, strict=True):
        if stopped:
            checks.append(Check(code, None, Reason.NOT_RUN, "An earlier check failed."))
            continue
        try:
            checks.append(Check(code, True, step()))
        except OpenBadgesError as error:
            checks.append(Check(code, False, error.code, error.message, error.data))
            # A badge can be both past its date and withdrawn: both are worth saying.
            stopped = code != CheckCode.DATES
    return Report(tuple(checks), issuer_id(document), document or None)


def check_dates(document: dict, now: datetime) -> None:
    """Raises ``OpenBadgesError`` outside validFrom…validUntil (both already checked for form)."""
    if read_moment(document["validFrom"]) > now + CLOCK_TOLERANCE:
        raise OpenBadgesError(
            "This is not valid yet.", Reason.NOT_YET_VALID, date=document["validFrom"]
        )
    if "validUntil" in document and read_moment(document["validUntil"]) < now:
        raise OpenBadgesError("This has expired.", Reason.EXPIRED, date=document["validUntil"])


def check_status(
    document: dict, resolve_key: ResolveKey, resolve_status_list: ResolveStatusList, now: datetime
) -> Reason:
    """Looks the credential up in its status lists.

    Returns ``Reason.OK``, or ``NO_STATUS`` when the issuer keeps none for it. Raises
    ``StatusError`` when it is revoked or suspended, or when that cannot be told.
    """
    entries = document.get("credentialStatus")
    if entries is None:
        return Reason.NO_STATUS
    entries = entries if isinstance(entries, list) else [entries]
    readable = [
        entry
        for entry in entries
        if isinstance(entry, dict)
        and _ENTRY in (entry.get("type"), *_as_list(entry.get("type")))
        and entry.get("statusPurpose") in ("revocation", "suspension")
    ]
    if not readable:
        raise StatusError(
            "The kind of status list that this names is not read here.",
            Reason.STATUS_UNSUPPORTED,
        )
    for entry in readable:
        _check_entry(entry, document, resolve_key, resolve_status_list, now)
    return Reason.OK


def _check_entry(entry, document, resolve_key, resolve_status_list, now) -> None:
    url, index = entry.get("statusListCredential"), _index(entry.get("statusListIndex"))
    if not isinstance(url, str) or index is None or entry.get("statusSize", 1) != 1:
        raise StatusError("The status entry is not well formed.", Reason.STATUS_LIST_WRONG)
    purpose = entry["statusPurpose"]
    listed = _signed_list(url, document, resolve_key, resolve_status_list, now)
    if status.is_set(listed, index, purpose):
        if purpose == "suspension":
            raise StatusError("The issuer has suspended this badge.", Reason.SUSPENDED)
        raise StatusError("The issuer has withdrawn this badge.", Reason.REVOKED)


def _signed_list(url, document, resolve_key, resolve_status_list, now) -> dict:
    """The list at ``url``, proven to be the same issuer's and current."""
    try:
        source = resolve_status_list(url)
    except LookupError as error:
        raise StatusUnavailableError(url) from error
    try:
        listed = source if isinstance(source, dict) else read_object(source)
        check_credential(listed, ("BitstringStatusListCredential",))
        if listed.get("id") != url or issuer_id(listed) != issuer_id(document):
            raise StatusError(
                "The status list is another one or another issuer's.", Reason.STATUS_LIST_WRONG
            )
        check_proof(listed, resolve_key, now=now)
        check_dates(listed, now)
    except StatusError:
        raise
    except OpenBadgesError as error:
        raise StatusError(
            f"The status list does not hold. {error.message}",
            Reason.STATUS_LIST_WRONG,
            cause=error.code.value,
        ) from error
    return listed


def _index(value) -> int | None:
    """The standard wants a text of digits; some issuers write a number."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 15:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _as_list(value) -> list:
    return value if isinstance(value, list) else []
