"""The second form of a badge: the same credential signed as a token (VC-JWT)."""

from __future__ import annotations

import json

from django.db import transaction

from wagtail_col.badges import keys
from wagtail_col.badges.models import Award


def compact(award: Award) -> str:
    """The award as a compact JWS, made when it is first asked for and kept from then on.

    It says exactly what the stored credential says. Safe when two ask at the same time: both get
    the one that is kept. Raises ``keys.SigningKeyUnreadable``.
    """
    if award.compact:
        return award.compact
    with transaction.atomic():
        locked = (
            Award.objects.select_for_update(of=("self",))
            .select_related("status_list__issuer")
            .get(pk=award.pk)
        )
        if not locked.compact:
            document = json.loads(locked.credential)
            document.pop("proof")
            locked.compact = keys.sign_token(document, locked.issuer)
            locked.save(update_fields=["compact"])
    award.compact = locked.compact
    return award.compact
