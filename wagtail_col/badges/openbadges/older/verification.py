"""Verifies an Open Badges 2.0 assertion: what it refers to is read, and each check has its reason.

Source: Open Badges 2.0, "Verification" (hosted and signed badges). A hosted badge is what its
address says, so the address is asked and its answer counts; a signed one is held against the key
that its issuer publishes.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from .. import jwt
from ..checks import CheckCode, ListedEndorsement, Report, run
from ..controllers import host_of, is_same_origin
from ..errors import (
    OpenBadgesError,
    ProofError,
    Reason,
    StatusError,
    StructureError,
    UnavailableError,
    UnreadableError,
)
from ..reading import Given
from ..recipient import check_recipient
from ..strictjson import read_object
from ..summary import identifier, of_assertion
from . import documents
from .documents import id_of, is_web_address, listed
from .scope import check_scope

# Takes a web address; returns the JSON text there, or raises ``UnavailableError`` with the reason
# it was given.
Fetch = Callable[[str, Reason], str | bytes]

_GONE = (410,)
_MISSING = (404, 403, 401, 400)
# What an assertion says about one learner; a changed copy differs in one of them.
_SAID = ("id", "recipient", "issuedOn", "expires")
MOST_ENDORSEMENTS = 20


@dataclass(slots=True)
class _Case:
    """What is known so far of one assertion."""

    given: Given
    fetch: Fetch
    assertion: dict
    badge: dict = field(default_factory=dict)
    issuer: dict = field(default_factory=dict)
    issuer_url: str = ""
    taken_back: str | None = None

    @property
    def is_signed(self) -> bool:
        return self.given.token is not None


def verify(given: Given, *, fetch: Fetch, now: datetime, emails: Iterable[str] = ()) -> Report:
    """Checks an assertion (JSON or JWS) at the moment ``now`` (aware).

    Never raises for bad input. ``fetch`` is asked for addresses that the badge names.
    """
    case = _Case(given, fetch, given.document)
    emails = tuple(emails)
    steps = {
        CheckCode.READABLE: lambda: Reason.OK,
        CheckCode.STRUCTURE: lambda: _structure(case),
        CheckCode.SIGNATURE: lambda: _signature(case) if case.is_signed else _published(case),
        CheckCode.ISSUER: lambda: _issuer(case),
        CheckCode.DATES: lambda: _dates(case, now),
        CheckCode.STATUS: lambda: _status(case),
    }
    if emails:
        steps[CheckCode.RECIPIENT] = lambda: check_recipient(case.assertion, emails)
    checks = run(steps)
    return Report(
        checks,
        issuer=id_of(case.issuer) or case.issuer_url or None,
        document=case.assertion,
        form=given.form,
        summary=of_assertion(
            case.assertion, case.badge, {**case.issuer, "id": id_of(case.issuer) or case.issuer_url}
        ),
        key_host=host_of(case.issuer_url) if is_web_address(case.issuer_url) else "",
        endorsements=_endorsements(case),
    )


def _structure(case: _Case) -> Reason:
    documents.check_assertion(case.assertion)
    wanted = "signed" if case.is_signed else "hosted"
    if documents.verification_type(case.assertion) != wanted:
        if wanted == "hosted":
            raise ProofError("This badge is a signed one without its signature.", Reason.NO_PROOF)
        raise StructureError(
            "A signed badge has to say that it is one.",
            Reason.WRONG_MEMBER,
            member="verification.type",
        )
    if wanted == "hosted" and not is_web_address(id_of(case.assertion)):
        raise StructureError(
            "The address of this badge is missing.", Reason.WRONG_MEMBER, member="id"
        )
    return Reason.OK


def _published(case: _Case) -> Reason:
    """A hosted badge: what stands at its address counts, not what was handed over."""
    url = id_of(case.assertion)
    try:
        hosted = _document(case, url)
    except UnavailableError as error:
        if error.status in _GONE:
            case.taken_back = ""
            return Reason.OK
        if error.status in _MISSING:
            raise ProofError(
                "There is no such badge at its address.", Reason.NOT_PUBLISHED, url=url[:300]
            ) from error
        raise
    if hosted.get("revoked") is True and id_of(hosted) == url:
        why = hosted.get("revocationReason")
        case.taken_back = why[:300] if isinstance(why, str) else ""
        return Reason.OK
    if not is_same_origin(id_of(hosted), url):
        raise ProofError("At its address is another badge.", Reason.PUBLISHED_DIFFERS)
    documents.check_assertion(hosted)
    for name in _SAID:
        if hosted.get(name) != case.assertion.get(name):
            raise ProofError(
                "The badge says something else than its issuer publishes.",
                Reason.PUBLISHED_DIFFERS,
                member=name,
            )
    if id_of(hosted.get("badge")) != id_of(case.assertion.get("badge")):
        raise ProofError(
            "The badge says something else than its issuer publishes.",
            Reason.PUBLISHED_DIFFERS,
            member="badge",
        )
    case.assertion = hosted
    return Reason.OK


def _signature(case: _Case) -> Reason:
    """A signed badge: its key is the one that its issuer publishes."""
    _read_issuer(case)
    verification = case.assertion.get("verification", case.assertion.get("verify"))
    creator = id_of(verification.get("creator"))
    published = [id_of(each) for each in listed(case.issuer.get("publicKey"))]
    if not creator:
        creator = published[0] if len(published) == 1 else ""
    if not any(_same(creator, each) for each in published if each):
        raise ProofError(
            "The key that signed does not belong to the issuer that is named.",
            Reason.NOT_OF_ISSUER,
            verification_method=creator[:300],
        )
    key = _document(case, creator, Reason.KEY_UNAVAILABLE)
    if not _same(id_of(key.get("owner")), id_of(case.issuer) or case.issuer_url):
        raise ProofError(
            "The key that signed does not belong to the issuer that is named.",
            Reason.NOT_OF_ISSUER,
            verification_method=creator[:300],
        )
    jwt.check_signature(case.given.token, documents.public_key(key))
    return Reason.OK


def _issuer(case: _Case) -> Reason:
    _read_issuer(case)
    if not case.is_signed:
        check_scope(id_of(case.assertion), case.issuer, case.issuer_url)
    return Reason.OK


def _dates(case: _Case, now: datetime) -> Reason:
    documents.check_dates(case.assertion, now)
    return Reason.OK


def _status(case: _Case) -> Reason:
    if case.taken_back is not None:
        raise _revoked(case.taken_back)
    url = id_of(case.issuer.get("revocationList"))
    if not url:
        return Reason.OK if not case.is_signed else Reason.NO_STATUS
    listing = _document(case, url, Reason.STATUS_UNAVAILABLE)
    if "RevocationList" not in listed(listing.get("type")):
        raise StatusError("This is not a revocation list.", Reason.STATUS_LIST_WRONG)
    names = {id_of(case.assertion), case.assertion.get("uid")}
    for each in listed(listing.get("revokedAssertions")):
        each = each if isinstance(each, dict) else {"id": each}
        if {value for value in (each.get("id"), each.get("uid")) if value} & (names - {None, ""}):
            why = each.get("revocationReason")
            raise _revoked(why[:300] if isinstance(why, str) else "")
    return Reason.OK


def _read_issuer(case: _Case) -> None:
    """The badge class and its issuer, as their own addresses publish them."""
    if case.issuer:
        return
    badge, url = _referred(case, case.assertion.get("badge"), "badge")
    documents.check_badge_class(badge)
    issuer, issuer_url = _referred(case, badge.get("issuer"), "badge.issuer")
    documents.check_issuer(issuer)
    # Addresses of the two may differ from their ids, which count for people.
    case.badge = {**badge, "id": id_of(badge) or url}
    case.issuer, case.issuer_url = issuer, issuer_url


def _referred(case: _Case, reference: object, where: str) -> tuple[dict, str]:
    """What ``reference`` names and where it was read. What stands there as a whole was written by
    whoever wrote the assertion: its own address has to say it."""
    url = id_of(reference)
    if not is_web_address(url):
        raise StructureError(
            f"“{where}” has no address.", Reason.WRONG_MEMBER, member=f"{where}.id"
        )
    document = _document(case, url)
    own = id_of(document)
    if is_web_address(own) and not is_same_origin(own, url):
        # It came from somewhere else than where it says it belongs: only there it counts.
        document, url = _document(case, own), own
        if id_of(document) != own:
            raise StructureError(
                "A document is not at the address it names.", Reason.WRONG_MEMBER, member=where
            )
    elif not is_web_address(own) or identifier(own) != own:
        # Any other name (a DID, an address with a character that is not shown) proves nothing.
        document = {**document, "id": url}
    return document, url


def _document(case: _Case, url: str, code: Reason = Reason.ADDRESS_UNAVAILABLE) -> dict:
    try:
        return read_object(case.fetch(url, code))
    except UnreadableError as error:
        raise UnavailableError(url, code, why="type") from error


def _endorsements(case: _Case) -> tuple[ListedEndorsement, ...]:
    """Named, not checked: of an endorsement that is only referred to nothing is known."""
    found = [
        each
        for parent in (case.assertion, case.badge, case.issuer)
        for each in listed(parent.get("endorsement"))
        if id_of(each)
    ]
    return tuple(
        ListedEndorsement(host_of(id_of(each)) or id_of(each)[:100], "")
        for each in found[:MOST_ENDORSEMENTS]
    )


def _same(one: str, other: str) -> bool:
    """Equal, but for the scheme: identifiers from before every site had TLS."""
    return bool(one) and one.partition("://")[2] == other.partition("://")[2]


def _revoked(why: str) -> OpenBadgesError:
    return StatusError("The issuer has withdrawn this badge.", Reason.REVOKED, why=why)
