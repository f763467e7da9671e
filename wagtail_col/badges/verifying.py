"""Checking a badge: one of this site from our own database, another's with what they publish."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from django.utils import timezone

from wagtail_col.badges import revocation_lists
from wagtail_col.badges.addresses import badge_key, is_did_of_this_site, status_list_key
from wagtail_col.badges.foreign import Web
from wagtail_col.badges.models import Award, SigningKey, StatusList
from wagtail_col.badges.openbadges import jwt, older, verification
from wagtail_col.badges.openbadges.checks import CheckCode, ListedEndorsement, Report, unreadable
from wagtail_col.badges.openbadges.did import decode_multikey, multikey_of
from wagtail_col.badges.openbadges.errors import (
    KeyUnknownError,
    OpenBadgesError,
    Reason,
    StatusUnavailableError,
)
from wagtail_col.badges.openbadges.jwk import PublicKey
from wagtail_col.badges.openbadges.proof import issuer_id
from wagtail_col.badges.openbadges.reading import Form, Given, is_address, read, text_inside

#: From an address to a picture, from the picture to the address of an assertion.
MOST_HOPS = 3
#: Endorsements inside of which the signatures are looked at as well.
MOST_ENDORSEMENTS = 3
MOST_LISTED = 20


class Verdict(StrEnum):
    """What all the checks together mean for somebody who was shown the badge."""

    GENUINE = "genuine"
    TAKEN_BACK = "taken-back"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    NOT_YET = "not-yet"
    ANOTHERS = "anothers"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"
    FALSE = "false"


_BY_REASON = {
    Reason.REVOKED: Verdict.TAKEN_BACK,
    Reason.SUSPENDED: Verdict.SUSPENDED,
    Reason.EXPIRED: Verdict.EXPIRED,
    Reason.NOT_YET_VALID: Verdict.NOT_YET,
    Reason.STATUS_UNAVAILABLE: Verdict.UNKNOWN,
    Reason.STATUS_UNSUPPORTED: Verdict.UNKNOWN,
    Reason.ANOTHERS: Verdict.ANOTHERS,
}
#: Nothing is known to be wrong: this page cannot look, or does not understand.
_NOT_TOLD = {
    Reason.UNSUPPORTED_PROOF,
    Reason.SEVERAL_PROOFS,
    Reason.UNKNOWN_CONTEXT,
    Reason.DID_UNSUPPORTED,
    Reason.KEY_UNAVAILABLE,
    Reason.KEY_NOT_PUBLISHED,
    Reason.ADDRESS_UNAVAILABLE,
    Reason.TOO_COMPLEX,
    Reason.UNUSUAL_SPELLING,
    Reason.DESCRIBED_TWICE,
    # The badge itself holds then.
    Reason.STATUS_LIST_WRONG,
    Reason.INDEX_OUTSIDE,
}


def verify_text(source: str | bytes, *, now: datetime | None = None, email: str = "") -> Report:
    """The checks of a credential of this site; never raises for bad input.

    Nothing is asked over the network. ``email``: whose it has to be.
    """
    report = verification.verify(
        source,
        resolve_key=_key,
        resolve_keys=_keys,
        resolve_status_list=_status_list,
        now=now or timezone.now(),
        emails=[email] if email else (),
    )
    return _suspended(report)


def verify_anything(
    source: str | bytes,
    *,
    now: datetime | None = None,
    email: str = "",
    web: Web | None = None,
) -> Report:
    """The checks of whatever somebody was shown: JSON, a token, a PNG or SVG with a badge inside,
    or a web address of one; of this site or of any other; Open Badges 3.0 or 2.0.

    Never raises for bad input. What has to be fetched for a badge from elsewhere is fetched once,
    within the bounds of ``foreign.Web``; for one of this site nothing is.
    """
    now, web = now or timezone.now(), web or Web()
    try:
        text = text_inside(source)
        for _hop in range(MOST_HOPS):
            if not is_address(text):
                break
            text = text_inside(web.badge(text))
        given = read(text)
    except OpenBadgesError as error:
        return unreadable(error)
    emails = [email] if email else ()
    if given.form in (Form.OB2_HOSTED, Form.OB2_SIGNED):
        return older.verify(given, fetch=web.text, now=now, emails=emails)
    if is_of_this_site(given):
        return verify_text(text, now=now, email=email)
    report = verification.verify(
        text,
        resolve_key=web.key,
        resolve_keys=web.keys,
        resolve_status_list=web.status_list,
        now=now,
        emails=emails,
        without_empty=True,
    )
    return _with_endorsements(report, web, now)


def verdict(report: Report) -> Verdict:
    """What the checks mean."""
    failure = report.failure
    if failure is None:
        return Verdict.GENUINE
    if failure.code == CheckCode.READABLE or failure.reason == Reason.NOT_AN_AWARD:
        return Verdict.UNREADABLE
    # Who claims to be this site has our key and our lists, which are known here.
    ours = bool(report.issuer) and is_did_of_this_site(report.issuer)
    not_told = failure.reason in _NOT_TOLD and not ours
    if failure.code in (CheckCode.STATUS, CheckCode.DATES, CheckCode.RECIPIENT):
        # Being taken back weighs more than being out of date.
        status = report.check(CheckCode.STATUS)
        if status.ok is False and status.reason in (Reason.REVOKED, Reason.SUSPENDED):
            return _BY_REASON[status.reason]
        otherwise = Verdict.UNKNOWN if not_told else Verdict.FALSE
        return _BY_REASON.get(failure.reason, otherwise)
    if failure.code == CheckCode.STRUCTURE and not _is_about_somebody(report):
        # No badge at all, or something else.
        return Verdict.UNREADABLE
    return Verdict.UNKNOWN if not_told else Verdict.FALSE


def _is_about_somebody(report: Report) -> bool:
    """Whether it looks like a badge that somebody was given, good or not."""
    document = report.document or {}
    return report.issuer is not None or "recipient" in document


def is_of_this_site(given: Given) -> bool:
    """Whether it is, or says that it is, by an issuer of this site, whatever address the site had
    when it signed. Then nothing is asked elsewhere."""
    content = jwt.content_of(given.token) if given.token else given.document
    issuer = issuer_id(content) or ""
    if is_did_of_this_site(issuer):
        return True
    return any(_known_key(method) is not None for method in _methods(given, content))


def _methods(given: Given, content: dict) -> list[str]:
    if given.token:
        return [given.token.kid]
    proofs = content.get("proof")
    listed = proofs if isinstance(proofs, list) else [proofs]
    methods = [each.get("verificationMethod") for each in listed if isinstance(each, dict)]
    return [method for method in methods[:5] if isinstance(method, str)]


def _known_key(method: str) -> PublicKey | None:
    """A key of this site by its public half, whatever address the site had when it signed."""
    multikey = multikey_of(method)
    if not multikey or not SigningKey.objects.filter(public_multibase=multikey).exists():
        return None
    return decode_multikey(multikey)


def _key(method: str) -> PublicKey:
    key = _known_key(method)
    if key is None:
        raise KeyUnknownError(method)
    return key


def _keys(issuer: str) -> list[PublicKey]:
    """Our tokens name their key: one that does not was not made here."""
    raise KeyUnknownError(issuer)


def _status_list(url: str) -> dict:
    key = status_list_key(url)
    stored = (
        StatusList.objects.filter(key=key).values_list("credential", flat=True).first()
        if key
        else None
    )
    if stored:
        return json.loads(stored)
    listed = revocation_lists.at(url)
    if listed is None:
        raise StatusUnavailableError(url)
    return listed


def _suspended(report: Report) -> Report:
    """A badge of ours that is suspended may be marked in the list of those that were taken back,
    the only one it names; here more is known."""
    status = next((check for check in report.checks if check.code == CheckCode.STATUS), None)
    if status is None or status.ok is not False or status.reason != Reason.REVOKED:
        return report
    found = badge_key(str(report.document["id"]))
    suspended = Award.objects.filter(key=found[1], revoked_at=None) if found else None
    if suspended is None or not suspended.exclude(suspended_at=None).exists():
        return report
    changed = replace(
        status, reason=Reason.SUSPENDED, message="The issuer has suspended this badge."
    )
    checks = tuple(changed if check is status else check for check in report.checks)
    return replace(report, checks=checks)


def _with_endorsements(report: Report, web: Web, now: datetime) -> Report:
    """Lists who stands by the badge, as the badge itself carries it, with their own signatures."""
    if not report.document or not report.is_signed:
        return report
    subject = report.document.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    found = []
    for parent in (report.document, achievement, report.document.get("issuer")):
        if isinstance(parent, dict):
            for name in ("endorsement", "endorsementJwt"):
                value = parent.get(name, [])
                found += value if isinstance(value, list) else [value]
    listed = tuple(
        _endorsement(each, web if number < MOST_ENDORSEMENTS else None, now)
        for number, each in enumerate(found[:MOST_LISTED])
    )
    return replace(report, endorsements=listed)


def _endorsement(value: object, web: Web | None, now: datetime) -> ListedEndorsement:
    text = value if isinstance(value, str) else json.dumps(value)
    if web is None:
        return ListedEndorsement("", "")
    own = verification.verify(
        text,
        resolve_key=web.key,
        resolve_keys=web.keys,
        resolve_status_list=web.status_list,
        now=now,
        without_empty=True,
    )
    summary = own.summary
    if summary is None:
        return ListedEndorsement("", "")
    name = summary.issuer_name or summary.issuer_id
    return ListedEndorsement(name, summary.description, own.ok or None)
