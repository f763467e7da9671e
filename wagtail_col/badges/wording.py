"""What is said to people about badges: how a step was shown, each check, each reason, each verdict.

Plain words: whoever was shown a badge need not know how it is made.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wagtail_col.badges.openbadges.checks import Check, CheckCode, Report
from wagtail_col.badges.openbadges.dates import read_moment
from wagtail_col.badges.openbadges.errors import Reason
from wagtail_col.badges.openbadges.reading import Form
from wagtail_col.badges.openbadges.summary import Summary
from wagtail_col.badges.verifying import Verdict, verdict
from wagtail_col.fetching import says_short

HOW = {
    "code": _("shown with the organiser’s code"),
    "self": _("the learner said so"),
    "organiser": _("confirmed by the organiser"),
    "score": _("reported by the online course"),
    "recognised": _("done before joining the line"),
    "waived": _("the organiser let it go, with a reason"),
}

_FINE = {
    CheckCode.READABLE: (_("File: fine"), _("It can be read.")),
    CheckCode.STRUCTURE: (_("Content: fine"), _("It says everything that a badge has to say.")),
    CheckCode.SIGNATURE: (
        _("Signature: fine"),
        _("Nobody has changed the badge since it was signed."),
    ),
    CheckCode.ISSUER: (
        _("Who gave it: fine"),
        _("The key that signed it belongs to the organisation that is named."),
    ),
    CheckCode.DATES: (_("Dates: fine"), ""),
    CheckCode.STATUS: (_("Taken back: no"), _("Who gave the badge still stands by it.")),
    CheckCode.RECIPIENT: (
        _("Whose it is: fine"),
        _("It was given to the person with this e-mail address."),
    ),
}
#: A badge that is not signed but published is what its address says.
_FINE_HOSTED = {
    CheckCode.SIGNATURE: (
        _("Published: fine"),
        _("The organisation publishes this very badge at its own address."),
    ),
    CheckCode.ISSUER: (
        _("Who gave it: fine"),
        _("The address of the badge is one that the named organisation uses."),
    ),
}
_FAILED_HOSTED = {CheckCode.SIGNATURE: _("Published: no")}
_WHERE = _("We asked at %(host)s.")
_THEIR_REASON = _("Its reason: “%(reason)s”.")
_FAILED = {
    CheckCode.READABLE: _("File: cannot be read"),
    CheckCode.STRUCTURE: _("Content: not as it should be"),
    CheckCode.SIGNATURE: _("Signature: failed"),
    CheckCode.ISSUER: _("Who gave it: failed"),
    CheckCode.DATES: _("Dates: failed"),
    CheckCode.STATUS: _("Taken back: not known"),
    CheckCode.RECIPIENT: _("Whose it is: somebody else’s"),
}
_FAILED_FOR = {
    Reason.REVOKED: _("Taken back: yes"),
    Reason.SUSPENDED: _("Taken back: for now"),
    Reason.EXPIRED: _("Dates: over"),
    Reason.NOT_YET_VALID: _("Dates: not yet"),
    Reason.ENDS_BEFORE_START: _("Dates: impossible"),
}
_NOT_RUN = {
    CheckCode.READABLE: _("File: not checked"),
    CheckCode.STRUCTURE: _("Content: not checked"),
    CheckCode.SIGNATURE: _("Signature: not checked"),
    CheckCode.ISSUER: _("Who gave it: not checked"),
    CheckCode.DATES: _("Dates: not checked"),
    CheckCode.STATUS: _("Taken back: not checked"),
    CheckCode.RECIPIENT: _("Whose it is: not known"),
}

_UNSIGNED = _(
    "“%(member)s” is something that the signature does not protect, so somebody may have added it."
)
_DAMAGED = _("The signature itself is damaged.")
_REASONS = {
    Reason.OK: "",
    Reason.NO_STATUS: _("This badge is of a kind that is never taken back."),
    Reason.NOT_RUN: _("An earlier check failed."),
    Reason.NOT_TEXT: _("It is not text. Choose the file that was saved from the badge’s page."),
    Reason.TOO_LARGE: _("It is far larger than a badge."),
    Reason.NOT_JSON: _(
        "It is not a whole badge file: a part is missing, or something was changed in it."
    ),
    Reason.TOO_DEEP: _("It is built in a way that no badge is."),
    Reason.DUPLICATE_MEMBER: _("“%(member)s” is there twice, so it could be read in two ways."),
    Reason.BAD_NUMBER: _("There is a number in it that cannot be read in one way only."),
    Reason.NOT_AN_OBJECT: _("It is not a badge file."),
    Reason.NOT_A_JWS: _("It is not a whole badge: a part is missing, or something was changed."),
    Reason.CONTROL_CHARACTER: _("“%(member)s” contains an invisible control character."),
    Reason.BROKEN_CHARACTER: _("“%(member)s” contains a broken character."),
    Reason.UNKNOWN_CONTEXT: _("It is written in a way that this page does not know."),
    Reason.UNDEFINED_TERM: _UNSIGNED,
    Reason.UNSIGNED_VALUE: _UNSIGNED,
    Reason.UNUSUAL_SPELLING: _("A part of it is not written as badges are written."),
    Reason.BAD_IDENTIFIER: _("“%(id)s” in it is not a complete address."),
    Reason.DESCRIBED_TWICE: _("It says two different things about “%(id)s”."),
    Reason.TOO_COMPLEX: _("It is more complicated than a badge needs to be."),
    Reason.MISSING_MEMBER: _("“%(member)s” is missing."),
    Reason.WRONG_MEMBER: _("“%(member)s” is not what it should be."),
    Reason.BAD_FIELD: _("“%(member)s” is not what it should be."),
    Reason.BAD_DID: _("The name of who signed it is not complete."),
    Reason.BAD_KEY: _("The key that is named is not a key."),
    Reason.DID_UNSUPPORTED: _("Who gave it is named in a way that this page cannot look up."),
    Reason.KEY_UNAVAILABLE: _("The organisation’s key cannot be fetched now. Try again later."),
    Reason.KEY_NOT_PUBLISHED: _(
        "The key came with the badge, and the organisation’s own address does not name it."
    ),
    Reason.NOT_AN_AWARD: _("It describes a badge; it is not one that somebody was given."),
    Reason.ADDRESS_UNAVAILABLE: _("An address that the badge names does not answer now."),
    Reason.NOT_PUBLISHED: _("The organisation’s website has no such badge."),
    Reason.PUBLISHED_DIFFERS: _("It says something else than the organisation publishes."),
    Reason.OUTSIDE_SCOPE: _("It stands at an address that the named organisation does not use."),
    Reason.NO_PROOF: _("It is not signed. Anybody could have written it."),
    Reason.SEVERAL_PROOFS: _("It is signed more than once; this page expects one signature."),
    Reason.BAD_PROOF: _DAMAGED,
    Reason.UNSUPPORTED_PROOF: _("It is signed in a way that this page does not know."),
    Reason.WRONG_PURPOSE: _("The signature was made for something else."),
    Reason.PROOF_NOT_YET: _("The signature is dated in the future."),
    Reason.PROOF_EXPIRED: _("The signature is out of date."),
    Reason.KEY_UNKNOWN: _("The key that signed it is not among the organisation’s keys."),
    Reason.SIGNATURE_WRONG: _("Something in the badge was changed after it was signed."),
    Reason.NOT_OF_ISSUER: _("The key that signed it is not the named organisation’s."),
    Reason.CLAIM_DIFFERS: _("It says two different things about itself (“%(member)s”)."),
    Reason.ENDS_BEFORE_START: _("It ends before it begins."),
    Reason.NOT_YET_VALID: _("Valid from %(date)s on, not yet."),
    Reason.EXPIRED: _("It was valid until %(date)s."),
    Reason.REVOKED: _("The organisation has taken this badge back."),
    Reason.SUSPENDED: _("The organisation has suspended this badge for now."),
    Reason.STATUS_UNAVAILABLE: _("The list of badges that were taken back cannot be found."),
    Reason.STATUS_UNSUPPORTED: _("The list of badges that were taken back is of another kind."),
    Reason.STATUS_LIST_WRONG: _("The list of badges that were taken back cannot be trusted."),
    Reason.INDEX_OUTSIDE: _("The list of badges that were taken back is too short for it."),
    Reason.ANOTHERS: _("It was given to somebody with another e-mail address."),
    Reason.NO_RECIPIENT: _("It does not name an e-mail address."),
    Reason.NOT_PNG: _("It is not a PNG picture."),
    Reason.BROKEN_PNG: _("The picture is damaged."),
    Reason.NOT_SVG: _("It is not a picture of a badge."),
    Reason.BROKEN_SVG: _("The picture is damaged, or not made as pictures of badges are."),
    Reason.NO_CREDENTIAL: _(
        "There is no badge in it. Choose the picture or file that was saved from the badge’s page."
    ),
    Reason.SEVERAL_CREDENTIALS: _("This picture holds more than one badge."),
}

VERDICTS = {
    Verdict.GENUINE: (_("Yes, this badge is real"), _("All checks are fine.")),
    Verdict.TAKEN_BACK: (
        _("This badge was taken back"),
        _("It is real, but the organisation that gave it no longer stands by it."),
    ),
    Verdict.SUSPENDED: (
        _("This badge is suspended"),
        _("It is real, but the organisation that gave it does not stand by it for now."),
    ),
    Verdict.EXPIRED: (
        _("This badge has expired"),
        _("It is real, but it was given for a limited time, which is over."),
    ),
    Verdict.NOT_YET: (
        _("This badge is not valid yet"),
        _("It is real, but the day from which it is valid has not come."),
    ),
    Verdict.ANOTHERS: (
        _("This badge is real, but somebody else’s"),
        _("It was not given to the person with the e-mail address that you entered."),
    ),
    # What could not be found out stands beside it, in the words of the check.
    Verdict.UNKNOWN: (_("We cannot tell"), ""),
    Verdict.UNREADABLE: (_("We cannot read a badge here"), ""),
    # What is wrong stands beside it, in the words of the check that failed.
    Verdict.FALSE: (_("No, do not trust this badge"), ""),
}


class CheckInWords(NamedTuple):
    """``state`` is ``ok``, ``bad`` or ``unknown``."""

    state: str
    title: str | Promise
    explanation: str | Promise


def how_it_was_shown(how: str) -> str | Promise:
    """How a step was shown, in words."""
    return HOW.get(how, _("done"))


def check_in_words(check: Check, report: Report) -> CheckInWords:
    """A check for people; ``report`` is the one it stands in."""
    reason = reason_in_words(check)
    hosted = report.form == Form.OB2_HOSTED
    not_told = check is report.failure and verdict(report) == Verdict.UNKNOWN
    if check.ok is None or not_told:
        return CheckInWords("unknown", _NOT_RUN[check.code], reason)
    if not check.ok:
        failed = {**_FAILED, **_FAILED_HOSTED} if hosted else _FAILED
        return CheckInWords("bad", _FAILED_FOR.get(check.reason, failed[check.code]), reason)
    title, explanation = ({**_FINE, **_FINE_HOSTED} if hosted else _FINE)[check.code]
    if check.code == CheckCode.DATES and report.summary:
        explanation = _dates_in_words(report.summary)
    if check.code == CheckCode.ISSUER and report.key_host:
        explanation = f"{explanation} {_WHERE % {'host': report.key_host}}"
    return CheckInWords("ok", title, reason or explanation)


def reason_in_words(check: Check) -> str:
    """Why a check failed; empty for one that did not."""
    data = {name: _shown(value) for name, value in check.data.items()}
    # Reasons say more to programs than people have to read; a detail may be absent.
    sentence = str(_REASONS[check.reason]) % _Details(data)
    why = str(check.data.get("why", ""))
    if not why:
        return sentence
    if check.reason == Reason.REVOKED:
        return f"{sentence} {_THEIR_REASON % {'reason': why}}"
    return f"{sentence} {says_short(why)}"


def _dates_in_words(summary: Summary) -> str:
    if summary.awarded_at is None:
        return ""
    since = _day(summary.awarded_at)
    if summary.valid_until:
        until = _day(summary.valid_until)
        return _("Valid from %(since)s to %(until)s.") % {"since": since, "until": until}
    return _("Valid since %(since)s, with no end.") % {"since": since}


def _day(moment: datetime) -> str:
    return formats.date_format(timezone.localdate(moment), "DATE_FORMAT")


def _shown(value: str | int) -> str:
    """A moment as a date in the reader's language; anything else as it is."""
    try:
        moment = read_moment(value)
    except ValueError:
        return str(value)
    return _day(moment)


class _Details(dict):
    def __missing__(self, name: str) -> str:
        return "…"
