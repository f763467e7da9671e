"""The published lists that say which badges were taken back, and which are suspended.

The signed list itself is what counts, not the rows of awards: a bit that is set stays set when a
learner's account, and with it the award, is deleted.

A credential of Open Badges 3.0 names one list (its schema allows no more), and that is the one of
revocation. So a suspended badge has its bit set there: every verifier refuses it, and this site,
which knows more, says "suspended". Ending the suspension clears the bit. An issuer can choose that
its badges name a list of suspension as well: then the bit is set in that list alone, and other
verifiers can tell the two apart.
"""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from wagtail_col.badges import keys
from wagtail_col.badges.addresses import did_of, status_list_url
from wagtail_col.badges.models import (
    Award,
    Endorsement,
    Issuer,
    PastEdition,
    StatusForm,
    StatusList,
    StatusPurpose,
)
from wagtail_col.badges.openbadges import status
from wagtail_col.badges.openbadges.proof import issuer_id

#: How many random places are looked at. A list in which all of them are taken is as good as full.
CANDIDATES = 20

#: A list and an index in it.
Place = tuple[StatusList, int]


def as_bytes(document: dict) -> str:
    """The JSON text that is stored and served as it is."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def award_places(issuer: Issuer, now: datetime, count: int) -> list[dict]:
    """Fields of so many new awards: where each is looked up. Inside a transaction.

    Two may be given the same place at the same time: the unique constraint lets one of them have
    it, and the other asks again. The number of queries does not grow with ``count``.
    """
    places = [
        {"status_list": listed, "status_index": index}
        for listed, index in free_places(issuer, now, count)
    ]
    if issuer.status_form == StatusForm.TWO_LISTS:
        found = free_places(issuer, now, count, StatusPurpose.SUSPENSION)
        for place, (listed, index) in zip(places, found, strict=True):
            place |= {"suspension_list": listed, "suspension_index": index}
    return places


def free_place(issuer: Issuer, now: datetime) -> Place:
    """A random place in a list of revocation that nothing else has. Inside a transaction."""
    return free_places(issuer, now, 1)[0]


def free_places(
    issuer: Issuer, now: datetime, count: int, purpose: str = StatusPurpose.REVOCATION
) -> list[Place]:
    """So many different random places. Inside a transaction."""
    newest = StatusList.objects.filter(issuer=issuer, purpose=purpose).order_by("-pk").first()
    places: list[Place] = []
    if newest is not None:
        document = json.loads(newest.credential)
        # After a change of the site's address new badges go to a list under the new one.
        if document["id"] == status_list_url(newest) and issuer_id(document) == did_of(issuer):
            places = [(newest, index) for index in _free(newest, _bits(document), count)]
    if len(places) < count:
        created = _new_list(issuer, now, purpose)
        missing = _draw(created.size, count - len(places))
        places += [(created, index) for index in missing]
    return places


def _free(listed: StatusList, bits: bytes, count: int) -> list[int]:
    """At most ``count`` indexes that are free."""
    candidates = _draw(listed.size, 2 * count + CANDIDATES)
    taken: set[int] = set()
    # Awards before the editions of those that were renewed: places move from there to here.
    for rows in (
        Award.objects.filter(status_list=listed, status_index__in=candidates),
        PastEdition.objects.filter(status_list=listed, status_index__in=candidates),
        Endorsement.objects.filter(status_list=listed, status_index__in=candidates),
    ):
        taken |= set(rows.values_list("status_index", flat=True))
    if listed.purpose == StatusPurpose.SUSPENSION:
        rows = Award.objects.filter(suspension_list=listed, suspension_index__in=candidates)
        taken |= set(rows.values_list("suspension_index", flat=True))
    # A bit can be set without an award: its learner is gone, and their badge stays taken back.
    free = [i for i in candidates if i not in taken and not status.bit(bits, i)]
    return free[:count]


def _draw(size: int, count: int) -> list[int]:
    """Random indexes, each once: ``count`` of them, or fewer when chance repeats itself a lot."""
    drawn: dict[int, None] = {}
    for _try in range(2 * count + CANDIDATES):
        if len(drawn) == count:
            break
        drawn[status.random_index(size)] = None
    return list(drawn)


def _new_list(issuer: Issuer, now: datetime, purpose: str) -> StatusList:
    listed = StatusList(key=uuid.uuid4(), issuer=issuer, purpose=purpose, size=status.MINIMUM_SIZE)
    document = status.status_list_credential(
        did_of(issuer),
        status_list_url(listed),
        (),
        valid_from=now,
        size=listed.size,
        purpose=purpose,
    )
    listed.credential = as_bytes(keys.sign(document, issuer, now))
    listed.save(force_insert=True)
    return listed


def mark_revoked(award: Award, now: datetime) -> None:
    """Every edition of the award is taken back from now on. Inside a transaction."""
    _mark([(award.status_list_id, award.status_index), *_past_places(award)], True, now)


def mark_suspended(award: Award, now: datetime) -> None:
    """Every edition of the award is refused from now on. Inside a transaction."""
    _mark(_suspension_places(award), True, now)


def mark_resumed(award: Award, now: datetime) -> None:
    """Every edition of the award holds again: it was not taken back. Inside a transaction."""
    _mark(_suspension_places(award), False, now)


def set_bit(status_list_id: int, index: int, now: datetime) -> None:
    """Mark one place and sign the list again. Locks it; inside a transaction."""
    _mark([(status_list_id, index)], True, now)


def _suspension_places(award: Award) -> list[tuple[int, int]]:
    """Where it is looked up whether the award is suspended: of every edition."""
    if award.suspension_list_id is not None:
        mine = (award.suspension_list_id, award.suspension_index)
    else:
        mine = (award.status_list_id, award.status_index)
    return [mine, *_past_places(award)]


def _past_places(award: Award) -> list[tuple[int, int]]:
    return list(award.past_editions.values_list("status_list_id", "status_index"))


def _mark(places: Iterable[tuple[int, int]], is_set: bool, now: datetime) -> None:
    """Set or clear the bits, each list signed once, the lists in one order."""
    by_list: defaultdict[int, list[int]] = defaultdict(list)
    for list_id, index in places:
        by_list[list_id].append(index)
    for list_id, indexes in sorted(by_list.items()):
        _sign_again(list_id, indexes, is_set, now)


def _sign_again(status_list_id: int, indexes: list[int], is_set: bool, now: datetime) -> None:
    # Awards only refer to the list's key, so they need not wait.
    listed = (
        StatusList.objects.select_for_update(no_key=True, of=("self",))
        .select_related("issuer")
        .get(pk=status_list_id)
    )
    document = json.loads(listed.credential)
    document.pop("proof")
    marked = _marked(_bits(document))
    marked = marked.union(indexes) if is_set else marked.difference(indexes)
    # Everything else stays, so that the badges that name this list still find what they named.
    document["credentialSubject"]["encodedList"] = status.encode(marked, listed.size)
    listed.credential = as_bytes(keys.sign(document, listed.issuer, now))
    listed.save(update_fields=["credential"])


def _marked(bits: bytes) -> set[int]:
    return {
        8 * position + bit
        for position, byte in enumerate(bits)
        if byte
        for bit in range(8)
        if byte & (0x80 >> bit)
    }


def _bits(document: dict) -> bytes:
    return status.decode(document["credentialSubject"]["encodedList"])
