"""The public keys of tools: pasted, or fetched from their key set URL and kept for a while.

Fetched keys are fetched again when they are an hour old, and when a token names a key that is not
among them. Between two fetches are five minutes, in all processes together, whatever tokens come.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from wagtail_col import fetching
from wagtail_col.lti import log
from wagtail_col.lti.models import Message, Tool
from wagtail_col.lti.platform import jwt, keyset
from wagtail_col.lti.platform.requirements import REQUIREMENTS, Refused

BACK_OFF = timedelta(minutes=5)
#: How old fetched keys are when they are fetched again before they are used.
FRESH = timedelta(hours=1)
#: How old they may be when that fails. A key its owner has withdrawn ends with this.
KEPT = timedelta(days=1)
#: How long one fetch takes at most.
SECONDS = 5
ACCEPT = ("application/json", "application/jwk-set+json", "text/plain")

_FIELDS = ["jwks", "jwks_url", "fetched_jwks", "keys_fetched_at", "keys_tried_at", "keys_error"]


def verify(tool: Tool, token: Any) -> dict[str, Any]:
    """The claims of a token that ``tool`` signed. Raises ``Refused``; checks no claim.

    Call it outside of a transaction that may be rolled back, or it would be forgotten that keys
    have just been fetched.
    """
    if not tool.jwks and not tool.jwks_url:
        raise Refused(keyset.NO_KEYS)
    if tool.jwks:
        try:
            return jwt.verify(token, tool.jwks)
        except Refused as refused:
            if refused.requirement is not jwt.UNKNOWN_KID or not tool.jwks_url:
                raise
    try:
        return jwt.verify(token, _kept(tool))
    except Refused as refused:
        if refused.requirement is not jwt.UNKNOWN_KID:
            raise
        newer = _newer(tool)
        if newer is None:
            raise
    return jwt.verify(token, newer)


def fetch(tool: Tool) -> dict[str, Any]:
    """Fetch the tool's keys now and keep them. Raises ``Refused``; the log has either."""
    try:
        if not tool.jwks_url:
            raise Refused(keyset.NO_KEYS)
        keys = _fetched(tool.jwks_url)
    except Refused as refused:
        # Of a refusal by the fetcher its own code says more.
        fetch_failed = refused.requirement is keyset.KEYS_FETCHED
        short = refused.detail if fetch_failed else refused.requirement.code
        _keep(tool, keys_tried_at=timezone.now(), keys_error=short[:200])
        log.refused(tool, Message.KEYS, refused)
        raise
    now = timezone.now()
    _keep(tool, fetched_jwks=keys, keys_fetched_at=now, keys_tried_at=now, keys_error="")
    log.done(tool, Message.KEYS)
    return keys


def forget(tool: Tool) -> None:
    """The tool's keys are somewhere else now: forget what was fetched. Saves the tool's row."""
    _keep(tool, fetched_jwks=None, keys_fetched_at=None, keys_tried_at=None, keys_error="")


def error(tool: Tool) -> str:
    """Why the last fetch failed, as a sentence for a person; "" when it did not."""
    requirement = REQUIREMENTS.get(tool.keys_error)
    return str(requirement.says) if requirement else fetching.says_short(tool.keys_error)


def _fetched(url: str) -> dict[str, Any]:
    try:
        found = fetching.fetch(url, accept=ACCEPT, seconds=SECONDS)
    except fetching.FetchRefused as refused:
        raise Refused(keyset.KEYS_FETCHED, refused.short) from refused
    return keyset.read_text(found.body)


def _kept(tool: Tool) -> dict[str, Any]:
    """The keys fetched last, fetched again first when they are old."""
    if _older(tool, FRESH) and _claim(tool):
        try:
            return fetch(tool)
        except Refused:
            pass  # What is kept serves for a while.
    return {"keys": []} if _older(tool, KEPT) else tool.fetched_jwks or {"keys": []}


def _older(tool: Tool, age: timedelta) -> bool:
    return tool.keys_fetched_at is not None and timezone.now() - tool.keys_fetched_at > age


def _newer(tool: Tool) -> dict[str, Any] | None:
    """Keys fetched just now, by us or by another process; None when it is too soon for that."""
    if _claim(tool):
        return fetch(tool)
    before = tool.keys_fetched_at
    while True:
        tool.refresh_from_db(fields=_FIELDS)
        if tool.keys_fetched_at != before:
            return tool.fetched_jwks
        if not _being_fetched(tool):
            break
        time.sleep(0.1)
    if tool.keys_error:
        raise Refused(keyset.KEYS_FETCHED, tool.keys_error)
    return None


def _being_fetched(tool: Tool) -> bool:
    """Whether another process is at it: those who come at the same moment wait for its keys."""
    tried, fetched = tool.keys_tried_at, tool.keys_fetched_at
    if tool.keys_error or tried is None or (fetched is not None and fetched >= tried):
        return False
    return timezone.now() - tried < timedelta(seconds=SECONDS + 1)


def _claim(tool: Tool) -> bool:
    """Whether it is our turn to fetch: the database says so to one of all that ask."""
    now = timezone.now()
    due = Q(keys_tried_at=None) | Q(keys_tried_at__lt=now - BACK_OFF)
    return bool(Tool.objects.filter(due, pk=tool.pk).update(keys_tried_at=now, keys_error=""))


def _keep(tool: Tool, **values: Any) -> None:
    """Into the row, unless its URL has been changed meanwhile, and into ``tool``."""
    Tool.objects.filter(pk=tool.pk, jwks_url=tool.jwks_url).update(**values)
    for name, value in values.items():
        setattr(tool, name, value)
