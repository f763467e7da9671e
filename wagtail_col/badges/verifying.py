"""Checking a badge of this site from our own database: nothing is asked over the network."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.utils import timezone

from wagtail_col.badges.addresses import is_did_of_this_site, status_list_key
from wagtail_col.badges.models import SigningKey, StatusList
from wagtail_col.badges.openbadges import verification
from wagtail_col.badges.openbadges.baking import unbake_png
from wagtail_col.badges.openbadges.did import decode_multikey
from wagtail_col.badges.openbadges.errors import (
    BakingError,
    KeyUnknownError,
    Reason,
    StatusUnavailableError,
)
from wagtail_col.badges.openbadges.verification import Check, CheckCode, Report

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class Verdict(StrEnum):
    """What all the checks together mean for somebody who was shown the badge."""

    GENUINE = "genuine"
    TAKEN_BACK = "taken-back"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    NOT_YET = "not-yet"
    UNKNOWN = "unknown"
    ELSEWHERE = "elsewhere"
    UNREADABLE = "unreadable"
    FALSE = "false"


_BY_REASON = {
    Reason.REVOKED: Verdict.TAKEN_BACK,
    Reason.SUSPENDED: Verdict.SUSPENDED,
    Reason.EXPIRED: Verdict.EXPIRED,
    Reason.NOT_YET_VALID: Verdict.NOT_YET,
    Reason.STATUS_UNAVAILABLE: Verdict.UNKNOWN,
}


def verify_text(source: str | bytes, *, now: datetime | None = None) -> Report:
    """The checks of a credential as JSON text; never raises for bad input."""
    return verification.verify(
        source,
        resolve_key=_key,
        resolve_status_list=_status_list,
        now=now or timezone.now(),
    )


def verify_png(data: bytes, *, now: datetime | None = None) -> Report:
    """The same for a PNG picture with a credential inside."""
    try:
        text = unbake_png(data)
    except BakingError as error:
        first, *others = CheckCode
        return Report(
            (
                Check(first, False, error.code, error.message, error.data),
                *(Check(code, None, Reason.NOT_RUN) for code in others),
            )
        )
    return verify_text(text, now=now)


def verify_file(data: bytes, *, now: datetime | None = None) -> Report:
    """The same for a file that is either."""
    verify = verify_png if data.startswith(PNG_SIGNATURE) else verify_text
    return verify(data, now=now)


def verdict(report: Report) -> Verdict:
    """What the checks mean. A badge of another organisation is not called false: its key and
    its lists are not here."""
    failure = report.failure
    if failure is None:
        return Verdict.GENUINE
    if failure.code == CheckCode.READABLE:
        return Verdict.UNREADABLE
    if failure.code == CheckCode.STATUS or failure.code == CheckCode.DATES:
        # Being taken back weighs more than being out of date.
        status = report.check(CheckCode.STATUS)
        if status.ok is False and status.reason in (Reason.REVOKED, Reason.SUSPENDED):
            return _BY_REASON[status.reason]
        return _BY_REASON.get(failure.reason, Verdict.FALSE)
    if report.issuer is None:
        # No credential at all, or one of another kind.
        return Verdict.UNREADABLE if failure.code == CheckCode.STRUCTURE else Verdict.FALSE
    # A signature that could be checked was made with a key of ours, or claims so.
    ours = is_did_of_this_site(report.issuer) or failure.reason == Reason.SIGNATURE_WRONG
    return Verdict.FALSE if ours or failure.code == CheckCode.ISSUER else Verdict.ELSEWHERE


def _key(method: str) -> Ed25519PublicKey:
    """A key of this site by its public half, whatever address the site had when it signed."""
    multikey = method.partition("#")[2]
    known = SigningKey.objects.filter(public_multibase=multikey).exists() if multikey else False
    if not known:
        raise KeyUnknownError(method)
    return decode_multikey(multikey)


def _status_list(url: str) -> dict:
    key = status_list_key(url)
    stored = (
        StatusList.objects.filter(key=key).values_list("credential", flat=True).first()
        if key
        else None
    )
    if not stored:
        raise StatusUnavailableError(url)
    return json.loads(stored)
