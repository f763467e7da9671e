"""Looking a credential up in the lists that say which ones were taken back or suspended.

Sources: Bitstring Status List 1.0, section 3.2; 1EdTech Credential Status.
"""

from collections.abc import Callable
from datetime import datetime

from . import jwt, revocation, status
from .dates import check_dates
from .errors import (
    OpenBadgesError,
    Reason,
    StatusError,
    StatusUnavailableError,
    UnavailableError,
    UnreadableError,
)
from .proof import ResolveKey, check_proof, issuer_id
from .strictjson import read_object
from .structure import check_credential
from .token_proof import ResolveKeys, check_token

# Takes the address of a status list; returns it as JSON values, text or bytes.
ResolveStatusList = Callable[[str], dict | bytes | str]

_ENTRY = "BitstringStatusListEntry"


#: A list of 131,072 places is a few kilobytes; one in which most are taken may be larger.
MAX_LIST = 1_000_000
#: A badge names a list or two; each one costs checking a signature and unfolding the list.
MOST_ENTRIES = 4
# Nothing is known to be wrong with such a list: it is only not to be had, or of another kind.
_NOT_TOLD = (
    Reason.UNSUPPORTED_PROOF,
    Reason.SEVERAL_PROOFS,
    Reason.KEY_UNAVAILABLE,
    Reason.KEY_NOT_PUBLISHED,
    Reason.DID_UNSUPPORTED,
)


def check_status(
    document: dict,
    resolve_key: ResolveKey,
    resolve_status_list: ResolveStatusList,
    now: datetime,
    *,
    resolve_keys: ResolveKeys | None = None,
) -> Reason:
    """Looks the credential up in its status lists.

    Returns ``Reason.OK``, or ``NO_STATUS`` when the issuer keeps none for it. Raises
    ``StatusError`` when it is revoked or suspended, or when that cannot be told.
    """
    entries = document.get("credentialStatus")
    if entries is None:
        return Reason.NO_STATUS
    entries = entries if isinstance(entries, list) else [entries]
    if len(entries) > MOST_ENTRIES:
        raise StatusError("This names more status lists than a badge needs.", Reason.TOO_COMPLEX)
    checked = False
    for entry in entries:
        if not isinstance(entry, dict):
            continue
        types = (entry.get("type"), *_as_list(entry.get("type")))
        if _ENTRY in types and entry.get("statusPurpose") in ("revocation", "suspension"):
            _check_entry(entry, document, resolve_key, resolve_keys, resolve_status_list, now)
            checked = True
        elif revocation.TYPE in types:
            _check_revocation_list(entry, document, resolve_status_list)
            checked = True
    if not checked:
        raise StatusError(
            "The kind of status list that this names is not read here.",
            Reason.STATUS_UNSUPPORTED,
        )
    return Reason.OK


def _check_entry(entry, document, resolve_key, resolve_keys, resolve_status_list, now) -> None:
    url, index = entry.get("statusListCredential"), _index(entry.get("statusListIndex"))
    if not isinstance(url, str) or index is None or entry.get("statusSize", 1) != 1:
        raise StatusError("The status entry is not well formed.", Reason.STATUS_LIST_WRONG)
    purpose = entry["statusPurpose"]
    source = _fetched(url, resolve_status_list)
    try:
        listed = _signed_list(source, url, document, resolve_key, resolve_keys, now)
    except StatusError:
        raise
    except OpenBadgesError as error:
        known = error.code in _NOT_TOLD
        raise StatusError(
            f"The status list does not hold. {error.message}",
            Reason.STATUS_UNAVAILABLE if known else Reason.STATUS_LIST_WRONG,
            cause=error.code.value,
        ) from error
    if status.is_set(listed, index, purpose):
        if purpose == "suspension":
            raise StatusError("The issuer has suspended this badge.", Reason.SUSPENDED)
        raise StatusError("The issuer has withdrawn this badge.", Reason.REVOKED)


def _signed_list(source, url, document, resolve_key, resolve_keys, now) -> dict:
    """The list at ``url``, proven to be the same issuer's and current."""
    text = source.decode("utf-8", "replace") if isinstance(source, bytes) else source
    token = None
    if isinstance(text, str) and jwt.looks_like_token(text.strip()):
        token = jwt.read(text.strip())
        listed = jwt.credential_of(token)
    elif isinstance(source, dict):
        listed = source
    else:
        listed = read_object(source, max_bytes=MAX_LIST)
    check_credential(listed, ("BitstringStatusListCredential",), any_context=token is not None)
    # A list need not name itself; when it does, it is the one that was asked for.
    if listed.get("id", url) != url or issuer_id(listed) != issuer_id(document):
        raise StatusError(
            "The status list is another one or another issuer's.", Reason.STATUS_LIST_WRONG
        )
    if token is not None:
        check_token(token, listed, resolve_key, resolve_keys)
    else:
        check_proof(listed, resolve_key, now=now)
    check_dates(listed, now)
    return listed


def _check_revocation_list(entry, document, resolve_status_list) -> None:
    url = entry.get("id")
    if not isinstance(url, str):
        raise StatusError("The status entry is not well formed.", Reason.STATUS_LIST_WRONG)
    source = _fetched(url, resolve_status_list)
    try:
        listed = source if isinstance(source, dict) else read_object(source, max_bytes=MAX_LIST)
    except UnreadableError as error:
        raise StatusError(
            "The revocation list cannot be read.", Reason.STATUS_LIST_WRONG, cause=error.code.value
        ) from error
    revocation.check_not_listed(listed, document.get("id"), issuer_id(document))


def _fetched(url: str, resolve_status_list: ResolveStatusList) -> dict | bytes | str:
    try:
        return resolve_status_list(url)
    except LookupError as error:
        raise StatusUnavailableError(url) from error
    except UnavailableError as error:
        raise StatusError(error.message, Reason.STATUS_UNAVAILABLE, **error.data) from error


def _index(value) -> int | None:
    """The standard wants a text of digits; some issuers write a number."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 15:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _as_list(value) -> list:
    return value if isinstance(value, list) else []
