"""The published lists that say which badges were taken back.

The signed list itself is what counts, not the rows of awards: a bit that is set stays set when a
learner's account, and with it the award, is deleted.
"""

from __future__ import annotations

import json
import uuid
from datetime import datetime

from wagtail_col.badges import keys
from wagtail_col.badges.addresses import did_of, status_list_url
from wagtail_col.badges.models import Award, Issuer, StatusList
from wagtail_col.badges.openbadges import status
from wagtail_col.badges.openbadges.proof import issuer_id

#: How many random places are looked at. A list in which all of them are taken is as good as full.
CANDIDATES = 20


def as_bytes(document: dict) -> str:
    """The JSON text that is stored and served as it is."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def free_place(issuer: Issuer, now: datetime) -> tuple[StatusList, int]:
    """A list of the issuer and a random index in it that no award has. Inside a transaction.

    Two may be given the same place at the same time: the unique constraint lets one of them have
    it, and the other asks again.
    """
    newest = StatusList.objects.filter(issuer=issuer).order_by("-pk").first()
    if newest is not None:
        document = json.loads(newest.credential)
        # After a change of the site's address new badges go to a list under the new one.
        if document["id"] == status_list_url(newest) and issuer_id(document) == did_of(issuer):
            index = _free_index(newest, _bits(document))
            if index is not None:
                return newest, index
    created = _new_list(issuer, now)
    return created, status.random_index(created.size)


def _free_index(listed: StatusList, bits: bytes) -> int | None:
    candidates = {status.random_index(listed.size) for _ in range(CANDIDATES)}
    taken = set(
        Award.objects.filter(status_list=listed, status_index__in=candidates).values_list(
            "status_index", flat=True
        )
    )
    # A bit can be set without an award: its learner is gone, and their badge stays taken back.
    free = [i for i in candidates - taken if not status.bit(bits, i)]
    return free[0] if free else None


def _new_list(issuer: Issuer, now: datetime) -> StatusList:
    listed = StatusList(key=uuid.uuid4(), issuer=issuer, size=status.MINIMUM_SIZE)
    document = status.status_list_credential(
        did_of(issuer), status_list_url(listed), (), valid_from=now, size=listed.size
    )
    listed.credential = as_bytes(keys.sign(document, issuer, now))
    listed.save(force_insert=True)
    return listed


def set_bit(status_list_id: int, index: int, now: datetime) -> None:
    """Mark the place as taken back and sign the list again. Locks it; inside a transaction."""
    # Awards only refer to the list's key, so they need not wait.
    listed = (
        StatusList.objects.select_for_update(no_key=True, of=("self",))
        .select_related("issuer")
        .get(pk=status_list_id)
    )
    document = json.loads(listed.credential)
    document.pop("proof")
    bits = _bits(document)
    places = [
        8 * position + bit
        for position, byte in enumerate(bits)
        if byte
        for bit in range(8)
        if byte & (0x80 >> bit)
    ]
    # Everything else stays, so that the badges that name this list still find what they named.
    document["credentialSubject"]["encodedList"] = status.encode({*places, index}, listed.size)
    listed.credential = as_bytes(keys.sign(document, listed.issuer, now))
    listed.save(update_fields=["credential"])


def _bits(document: dict) -> bytes:
    return status.decode(document["credentialSubject"]["encodedList"])
