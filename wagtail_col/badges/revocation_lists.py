"""1EdTech's lists of the credentials an issuer has taken back, beside the Bitstring lists.

Both are always published; which of them a new badge names is the issuer's ``status_form``. A
credential in a list is named by its id, with no reason: that may be about a person. A suspended
badge is listed for as long as it is suspended, since the list knows no other word.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from wagtail_col.badges import keys
from wagtail_col.badges.addresses import did_of, revocation_list_slug, revocation_list_url
from wagtail_col.badges.models import Award, Issuer, RevokedCredential
from wagtail_col.badges.openbadges import revocation


def document_of(issuer: Issuer) -> dict:
    """What the issuer's list says now; an issuer that was never stored has an empty one."""
    return revocation.revocation_list(
        revocation_list_url(issuer),
        did_of(issuer),
        [(identifier, "") for identifier in sorted(set(_identifiers(issuer)))],
    )


def at(url: str) -> dict | None:
    """The list at an address of this site, as it is now; None when it is no such address.

    It names no issuer: a badge from before the site moved names the one the site was then.
    """
    slug = revocation_list_slug(url)
    issuer = keys.shown_issuer(slug) if slug is not None else None
    if issuer is None:
        return None
    document = document_of(issuer)
    del document["issuer"]
    return document


def keep_listed(sender: type, instance: Award, **kwargs: Any) -> None:
    """A receiver of ``pre_delete``: what was taken back stays so when the account goes."""
    if instance.is_revoked:
        issuer = instance.issuer
        RevokedCredential.objects.get_or_create(issuer=issuer, identifier=_identifier(instance))


def _identifiers(issuer: Issuer) -> Iterator[str]:
    if issuer.pk is None:
        return
    taken_back = Award.objects.filter(status_list__issuer=issuer).exclude(
        Q(revoked_at=None) & Q(suspended_at=None)
    )
    for award in taken_back.only("credential").iterator():
        yield _identifier(award)
    yield from issuer.revoked_credentials.values_list("identifier", flat=True)


def _identifier(award: Award) -> str:
    """As the credential itself says it: the site's address may be another one by now."""
    return str(json.loads(award.credential)["id"])
