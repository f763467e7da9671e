"""Verifies a credential in front of a stranger: ordered checks, each with its reason."""

from collections.abc import Iterable
from datetime import datetime

from . import jwt
from .checks import Check, CheckCode, Report, run
from .controllers import host_of
from .dates import check_dates
from .errors import Reason
from .proof import ResolveKey, check_method_of_issuer, check_signature, issuer_id
from .reading import Form, read, text_inside
from .recipient import check_recipient
from .status_checks import ResolveStatusList, check_status
from .structure import check_badge, check_endorsement, is_endorsement
from .summary import of_credential
from .token_proof import ResolveKeys, check_kid_of_issuer, check_token_signature

__all__ = ["Check", "CheckCode", "Report", "verify"]


def verify(
    source: bytes | str,
    *,
    resolve_key: ResolveKey,
    resolve_status_list: ResolveStatusList,
    now: datetime,
    resolve_keys: ResolveKeys | None = None,
    emails: Iterable[str] = (),
    without_empty: bool = False,
) -> Report:
    """Reads ``source`` (JSON, token, PNG or SVG of Open Badges 3.0) and checks it at the moment
    ``now`` (aware). Never raises for bad input.

    ``resolve_key`` takes the name of a key, returns it or raises ``KeyUnknownError``;
    ``resolve_keys`` takes an issuer's identifier and returns all its keys, for tokens that name
    none. ``resolve_status_list`` takes an address, returns the list or raises
    ``StatusUnavailableError``; it is called only for addresses that the issuer signed.

    With ``emails`` it is also checked whether the badge is of one of these addresses.
    ``without_empty``: members that say nothing (null, empty lists), which other issuers write and
    no signature covers, are left out before anything is looked at.
    """
    document: dict = {}
    token: jwt.Token | None = None
    method = ""

    def readable() -> Reason:
        nonlocal token
        given = read(text_inside(source))
        token = given.token
        content = jwt.content_of(token) if token else given.document
        document.update(_without_empty(content) if without_empty else content)
        return Reason.OK

    def structure() -> Reason:
        check = check_endorsement if is_endorsement(document) else check_badge
        check(document, any_context=token is not None)
        return Reason.OK

    def signature() -> Reason:
        nonlocal method
        if token is None:
            method = check_signature(document, resolve_key, now=now)
        else:
            jwt.check_claims(token, document)
            method = check_token_signature(token, document, resolve_key, resolve_keys)
        return Reason.OK

    def issuer() -> Reason:
        check = check_method_of_issuer if token is None else check_kid_of_issuer
        check(document, method)
        return Reason.OK

    def dates() -> Reason:
        check_dates(document, now)
        return Reason.OK

    def current_status() -> Reason:
        return check_status(
            document, resolve_key, resolve_status_list, now, resolve_keys=resolve_keys
        )

    def recipient() -> Reason | None:
        return check_recipient(document, emails)

    steps = (readable, structure, signature, issuer, dates, current_status)
    emails = tuple(emails)
    if emails:
        steps += (recipient,)
    checks = run(dict(zip(CheckCode, steps, strict=False)))
    return Report(
        checks,
        issuer=issuer_id(document),
        document=document or None,
        form=Form.OB3_JWT if token else Form.OB3_JSON,
        summary=of_credential(document) if document else None,
        key_host=host_of(method) if method else "",
    )


def _without_empty(value):
    if isinstance(value, dict):
        kept = {name: _without_empty(inner) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner not in (None, [], {})}
    if isinstance(value, list):
        return [inner for each in value if (inner := _without_empty(each)) not in (None, [], {})]
    return value
