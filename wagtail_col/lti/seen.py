"""Tokens that are good for one time: the database says whether one was here before."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.db import IntegrityError, transaction

from wagtail_col.lti.models import SeenToken, Tool


def remember(tool: Tool, purpose: str, token_id: str, expires_at: datetime) -> bool:
    """Remember a token's identifier until it expires. False when it was here before.

    Of two processes that ask at the same time one gets True: a unique constraint decides. Inside a
    transaction it holds, and is forgotten, with that. ``purpose``: at most 20 characters.
    """
    digest = sha256(token_id.encode("utf-8", "surrogatepass")).hexdigest()
    try:
        with transaction.atomic():
            SeenToken.objects.create(
                tool=tool, purpose=purpose, digest=digest, expires_at=expires_at
            )
    except IntegrityError:
        return False
    return True
