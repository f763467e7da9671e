"""Requests that may be sent again without harm: the Idempotency-Key header.

The answer is kept in the same transaction as what was done, so there is either both or nothing.
After the IETF draft "The Idempotency-Key HTTP Header Field".
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

from wagtail_col.api.errors import Refused
from wagtail_col.api.models import Application, KeptAnswer

#: How long an answer is kept.
LIFETIME = timedelta(days=30)
_KEY = re.compile(r"[\x21-\x7e]{1,255}")

Answer = tuple[int, dict[str, Any]]


def fingerprint(method: str, path: str, body: bytes) -> str:
    """The same for the same request: SHA-256 in hex."""
    digest = hashlib.sha256(f"{method} {path}\n".encode())
    digest.update(body)
    return digest.hexdigest()


def once(
    application: Application, key: str | None, request_print: str, do: Callable[[], Answer]
) -> tuple[Answer, bool]:
    """The answer (status, JSON) and whether it is that of an earlier request.

    Without a key it is simply done. With one, the second of two at once waits for the first.
    What ``do`` refuses is not kept: sent again when the cause is gone, it is done. Raises Refused:
    400 for a key that is none, 422 for a key that came with another request.
    """
    if key is None:
        with transaction.atomic():
            return do(), False
    if not _KEY.fullmatch(key):
        raise Refused(400, "idempotency_key", "Idempotency-Key: 1 to 255 visible characters.")
    kept = KeptAnswer.objects.filter(application=application, key=key).first()
    if kept is None:
        with transaction.atomic():
            kept, answer = _first(application, key, request_print, do)
        if answer is not None:
            return answer, False
    if kept.fingerprint != request_print:
        raise Refused(
            422, "idempotency_key_reused", "This Idempotency-Key came with another request before."
        )
    return (kept.status, kept.body), True


def _first(
    application: Application, key: str, request_print: str, do: Callable[[], Answer]
) -> tuple[KeptAnswer, Answer | None]:
    try:
        with transaction.atomic():
            kept = KeptAnswer.objects.create(
                application=application, key=key, fingerprint=request_print
            )
    except IntegrityError:
        return KeptAnswer.objects.get(application=application, key=key), None
    answer = do()
    kept.status, kept.body = answer
    kept.save(update_fields=["status", "body"])
    return kept, answer
