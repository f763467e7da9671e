"""1EdTech's revocation lists: the ids of the credentials that were taken back, unsigned.

Source: 1EdTech Credential Status, "1EdTechRevocationList" (named by Open Badges 3.0, section 9.3).
"""

from collections.abc import Iterable

from .errors import Reason, StatusError

TYPE = "1EdTechRevocationList"
MOST_LISTED = 100_000


def entry(list_url: str) -> dict:
    """The ``credentialStatus`` of a credential that is looked up in the list at ``list_url``."""
    return {"id": list_url, "type": TYPE}


def revocation_list(list_url: str, issuer_did: str, revoked: Iterable[tuple[str, str]]) -> dict:
    """What ``list_url`` serves. ``revoked``: pairs of a credential's id and why, or ""."""
    return {
        "id": list_url,
        "issuer": issuer_did,
        "revokedCredential": [
            {"id": identifier, "revoked": True, **({"revocationReason": why} if why else {})}
            for identifier, why in revoked
        ],
    }


def check_not_listed(listed: dict, credential_id: object, issuer: str | None) -> None:
    """Raises ``StatusError`` when the list says that the credential was taken back, or is not a
    list of its issuer."""
    owner = listed.get("issuer", issuer)
    owner = owner.get("id") if isinstance(owner, dict) else owner
    entries = listed.get("revokedCredential", [])
    entries = entries if isinstance(entries, list) else [entries]
    if "revokedCredential" not in listed and "issuer" not in listed:
        raise _wrong("This is not a revocation list.")
    if owner != issuer:
        raise _wrong("The revocation list is another issuer's.")
    if len(entries) > MOST_LISTED:
        raise _wrong("The revocation list is too long.")
    for each in entries:
        each = each if isinstance(each, dict) else {"id": each}
        if each.get("id") == credential_id and each.get("revoked", True) is not False:
            reason = each.get("revocationReason")
            why = reason[:300] if isinstance(reason, str) else ""
            raise StatusError("The issuer has withdrawn this badge.", Reason.REVOKED, why=why)


def _wrong(message: str) -> StatusError:
    return StatusError(message, Reason.STATUS_LIST_WRONG)
