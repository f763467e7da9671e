"""A report of checks in words, as plain values for the templates."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from wagtail_col.badges.addresses import is_did_of_this_site
from wagtail_col.badges.openbadges.checks import Report
from wagtail_col.badges.verifying import Verdict, verdict
from wagtail_col.badges.wording import VERDICTS, check_in_words, reason_in_words

#: The badge says what it said when it was given, so its words may stand under the verdict.
_REAL = {
    Verdict.GENUINE,
    Verdict.TAKEN_BACK,
    Verdict.SUSPENDED,
    Verdict.EXPIRED,
    Verdict.NOT_YET,
    Verdict.ANOTHERS,
}


def verification_values(report: Report) -> dict[str, Any]:
    """Verdict, checks, and, of a badge that was not changed, what it says and who stands by it."""
    found = verdict(report)
    heading, explanation = VERDICTS[found]
    if not explanation and report.failure:
        explanation = reason_in_words(report.failure)
    shown = report.summary if report.summary and report.is_signed else None
    return {
        "verdict": found.value,
        "is_genuine": found == Verdict.GENUINE,
        # Neither good nor bad: nothing was found out.
        "is_open": found == Verdict.UNKNOWN,
        "is_real": found in _REAL,
        "heading": heading,
        "explanation": explanation,
        "checks": [check_in_words(check, report) for check in report.checks],
        "said": shown,
        "said_host": _said_host(report) if shown else "",
        "is_elsewhere": bool(shown) and not is_did_of_this_site(shown.issuer_id),
        "key_host": report.key_host,
        "endorsements_inside": report.endorsements if shown else (),
    }


def _said_host(report: Report) -> str:
    """The host of the website that the badge names for its issuer, where that is proven: anybody
    can write the address of a university into a badge."""
    host = urlsplit(report.summary.issuer_url).netloc
    return host if host == report.key_host else ""
