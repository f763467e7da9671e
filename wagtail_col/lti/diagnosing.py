"""“Test connection”: what can be found out about a tool without opening one of its courses.

Each check says what came back, and how to mend it when it failed. Nothing of what a tool answers
is shown as it came. Nothing is changed, except that keys that were read are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from time import monotonic
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wagtail_col import connecting
from wagtail_col.conf import base_url
from wagtail_col.fetching import (
    Fetched,
    FetchRefused,
    check_url,
    fetch,
    is_private_host,
    says_short,
)
from wagtail_col.fetching import says as says_of
from wagtail_col.lti import keys, toolkeys
from wagtail_col.lti.models import Tool
from wagtail_col.lti.platform import keyset
from wagtail_col.lti.platform.requirements import Refused

#: Tools whose clock is further off than this take our messages for too old, or we theirs.
MOST_SECONDS_OFF = 60
#: For each thing that is asked of another server.
SECONDS = 5
MOST_BYTES = 256 * 1024


class Verdict(StrEnum):
    """How a check ended. A note: it may be all right, and somebody should look."""

    OK = "ok"
    NOTE = "note"
    FAILED = "failed"


class Check(NamedTuple):
    """One thing that was looked at: ``says`` what was found, ``mend`` what to do about it."""

    code: str
    title: str
    verdict: str
    says: str
    mend: str = ""

    @property
    def ok(self) -> bool:
        return self.verdict == Verdict.OK

    @property
    def failed(self) -> bool:
        return self.verdict == Verdict.FAILED


def diagnose(tool: Tool) -> list[Check]:
    """All the checks, in the order in which things can go wrong. Takes some seconds at worst."""
    return list(_checks(tool))


def _checks(tool: Tool) -> Iterator[Check]:
    answers: list[Fetched] = []
    yield _login_url(tool, answers)
    yield _key_set(tool, answers)
    yield _redirect_urls(tool)
    yield _deep_linking_url(tool)
    yield _clock(answers)
    yield _own_address()
    yield _own_keys()


def _login_url(tool: Tool, answers: list[Fetched]) -> Check:
    code, title = "login-url", _("Login URL")
    if not tool.login_url:
        return Check(code, title, Verdict.FAILED, _("It is missing."), _missing())
    try:
        answers.append(_answer(tool.login_url))
    except FetchRefused as refused:
        return _login_refused(code, title, refused)
    return Check(code, title, Verdict.OK, _("It answers."))


def _login_refused(code: str, title: str, refused: FetchRefused) -> Check:
    """It was asked without what a course sends along, so it may well answer that this is wrong."""
    status = refused.status or 500
    says = _("It answers with status %(status)s.") % {"status": status}
    if refused.code == "status" and status in (404, 410):
        mend = _(
            "There may be no such page. Compare the login URL with the one the course provider "
            "shows, letter by letter."
        )
        return Check(code, title, Verdict.NOTE, says, mend)
    if refused.code == "status" and status < 500:
        return Check(code, title, Verdict.OK, says)
    if refused.code in ("redirect", "encoding", "too-large"):
        return Check(code, title, Verdict.OK, _("It answers."))
    return Check(code, title, Verdict.FAILED, str(refused), _hint(refused.code))


def _key_set(tool: Tool, answers: list[Fetched]) -> Check:
    """Fetched as it is when a message is checked, so that it is the same that fails."""
    code, title = "key-set", _("Key set")
    try:
        jwks = toolkeys.fetch(tool) if tool.jwks_url else keyset.read(tool.jwks)
    except Refused as refused:
        requirement = refused.requirement
        says, mend = str(requirement.says), str(requirement.mend)
        if requirement is keyset.KEYS_FETCHED:
            says = says_short(refused.detail)
            mend = _hint(refused.detail.partition(" ")[0])
        elif not tool.jwks_url and tool.jwks is None:
            says, mend = _("It is missing."), _missing()
        return Check(code, title, Verdict.FAILED, says, mend)
    if tool.jwks_url and not any(map(_date, answers)):
        with suppress(FetchRefused):
            answers.append(_answer(tool.jwks_url))
    number = len(jwks["keys"])
    says = ngettext(
        "It can be read: %(number)s key to check signatures with.",
        "It can be read: %(number)s keys to check signatures with.",
        number,
    ) % {"number": number}
    return Check(code, title, Verdict.OK, says)


def _answer(url: str) -> Fetched:
    return fetch(url, accept=("*/*",), max_bytes=MOST_BYTES, seconds=SECONDS)


def _redirect_urls(tool: Tool) -> Check:
    code, title = "redirect-urls", _("Redirect URLs")
    if not tool.redirect_uris:
        says = _("There is none, so no learner could be sent to the course provider.")
        return Check(code, title, Verdict.FAILED, says, _missing())
    for uri in tool.redirect_uris:
        if why := _wrong_with(uri):
            says = f"{uri}: {why}"
            mend = _("Correct it under “Addresses”, together with the course provider.")
            return Check(code, title, Verdict.FAILED, says, mend)
    if tool.launch_url not in tool.redirect_uris:
        says = _("They are complete addresses. The launch URL is not among them.")
        mend = _(
            "Most course providers take messages at their launch URL. If a course does not open "
            "and the launch log names the redirect URL, add the launch URL."
        )
        return Check(code, title, Verdict.NOTE, says, mend)
    return Check(
        code, title, Verdict.OK, _("They are complete addresses, the launch URL among them.")
    )


def _deep_linking_url(tool: Tool) -> Check:
    code, title = "deep-linking-url", _("Deep linking URL")
    if not tool.deep_linking_url:
        says = _("There is none, so editors cannot pick courses.")
        mend = _("Ask the course provider whether it has one (deep linking, content selection).")
        return Check(code, title, Verdict.NOTE, says, mend)
    if why := _wrong_with(tool.deep_linking_url):
        mend = _("Correct it under “Addresses”, together with the course provider.")
        return Check(code, title, Verdict.FAILED, why, mend)
    return Check(code, title, Verdict.OK, _("It is a complete address."))


def _wrong_with(url: str) -> str:
    try:
        check_url(url)
    except FetchRefused as refused:
        return str(refused)
    return _("It has a part after #, which it may not have.") if "#" in url else ""


def _clock(answers: list[Fetched]) -> Check:
    """Both clocks, from the answers there were; messages are good for minutes only."""
    code, title = "clock", _("Clock")
    dates = [date for answer in answers if (date := _date(answer)) is not None]
    if not dates:
        says = _("The course provider’s servers did not say what time they have.")
        return Check(code, title, Verdict.NOTE, says)
    seconds = round((dates[-1] - timezone.now()).total_seconds())
    if abs(seconds) > MOST_SECONDS_OFF:
        words = (
            _("The course provider’s clock is %(seconds)s seconds ahead of ours.")
            if seconds > 0
            else _("The course provider’s clock is %(seconds)s seconds behind ours.")
        )
        mend = _(
            "Compare both with a clock you trust, and tell the operators of the one that is "
            "wrong: servers get their time by NTP."
        )
        return Check(code, title, Verdict.FAILED, words % {"seconds": abs(seconds)}, mend)
    return Check(code, title, Verdict.OK, _("Both clocks say the same time."))


def _date(answer: Fetched) -> datetime | None:
    """When an answer was made, by the clock of who gave it (RFC 9110, section 6.6.1)."""
    try:
        date = parsedate_to_datetime(answer.headers.get("date", ""))
    except (TypeError, ValueError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _own_address() -> Check:
    """Whether a tool somewhere else can reach this site."""
    code, title = "own-address", _("This site’s address")
    own = base_url()
    mend = _(
        "The people who run this site set it as BASE_URL: the https address at which everybody "
        "reaches the site."
    )
    try:
        target = check_url(own)
        if is_private_host(target):
            says = _(
                "%(url)s is for trying things out: a course provider elsewhere cannot reach it."
            ) % {"url": own}
            return Check(code, title, Verdict.NOTE, says, mend)
        port = target.port or 443
        found = connecting.resolve(target.hostname or "", port, monotonic() + SECONDS)
    except FetchRefused as refused:
        return Check(code, title, Verdict.FAILED, f"{own}: {refused}", mend)
    except connecting.Unconnected as error:
        return Check(code, title, Verdict.FAILED, f"{own}: {says_of(error.code)}", mend)
    if not all(map(connecting.is_public, found)):
        says = _(
            "%(url)s is inside a private network, as this server sees it. A course provider "
            "elsewhere may not reach it."
        ) % {"url": own}
        return Check(code, title, Verdict.NOTE, says, mend)
    return Check(code, title, Verdict.OK, own)


def _own_keys() -> Check:
    code, title = "own-keys", _("This site’s keys")
    try:
        keys.active_key()
        published = keys.public_jwks()["keys"]
    except keys.PlatformKeyUnreadable as error:
        mend = _("Show this to the people who run this site.")
        return Check(code, title, Verdict.FAILED, str(error), mend)
    says = ngettext(
        "They can be read: %(number)s key, at %(url)s",
        "They can be read: %(number)s keys, at %(url)s",
        len(published),
    ) % {"number": len(published), "url": base_url() + reverse("col_lti:jwks")}
    return Check(code, title, Verdict.OK, says)


def _missing() -> str:
    return _("Write it in under “Addresses”; the course provider shows it in its settings.")


#: What to do about an address that cannot be reached, by the refusal's code.
HINTS = {
    "unresolved": gettext_lazy("Compare the name of the server with what the provider shows."),
    "unreachable": gettext_lazy(
        "Its server may be down, or a firewall may keep this site out. Ask the provider."
    ),
    "certificate": gettext_lazy("The provider has to renew its certificate. Tell its support."),
    "address": gettext_lazy(
        "If it is a server of your own in this network, the people who run this site can allow it "
        "with FETCH_PRIVATE_HOSTS."
    ),
    "status": gettext_lazy(
        "Compare the address with what the provider shows. If it is right, tell its support."
    ),
    "too-slow": gettext_lazy("Try again in some minutes. If it stays so, tell its support."),
}


def _hint(code: str) -> str:
    return str(HINTS.get(code) or _("Compare the address with what the course provider shows."))
