"""Whether a tool's server is there, looked at before somebody is sent to it.

A browser that is sent to a server that is down shows an error of its own, and nobody hears of it.
So a tool that nothing is known of is asked first. One that has answered lately is not: its courses
wait for nobody. Nor is one that did not answer a moment ago: nobody waits for that either.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.core.cache import cache
from django.db.models import Count, Min
from django.utils.translation import gettext_lazy as _

from wagtail_col.conf import settings
from wagtail_col.fetching import FetchRefused, fetch
from wagtail_col.lti import log, tickets
from wagtail_col.lti.models import LaunchTicket, LogEntry, Message, Tool
from wagtail_col.lti.platform.requirements import Refused, requirement

#: Seconds for which a tool that answered counts as there, and one that did not as not there.
THERE, AWAY = 600, 30
MOST_BYTES = 64 * 1024
#: What a tool that came back has written into the launch log, and what we write there ourselves.
SPEAKING = (Message.LOGIN, Message.LAUNCH, Message.PICK, Message.REVIEW)
OURS = ("tool-away", "tool-not-in-use", "login-unanswered")
#: Kinds of refusal that mean that a browser would not get there either.
NOBODY = frozenset({"unresolved", "unreachable", "certificate", "too-slow"})
#: Said by what stands before a server that is down. With 500 the server itself answers: it was
#: asked without what a course sends along.
DOWN = frozenset({502, 503, 504})

TOOL_AWAY = requirement(
    "tool-away",
    "Security Framework 1.0, 5.1.1.1",
    "login_url",
    _("The course provider’s server did not answer, so nobody was sent there."),
    _("Test the connection. If it does not get better by itself, tell the provider’s support."),
    error="temporarily_unavailable",
    status=503,
)

LOGIN_UNANSWERED = requirement(
    "login-unanswered",
    "Security Framework 1.0, 5.1.1.2",
    "login_url",
    _("People were sent to the course provider, and it never asked this site who they are."),
    _(
        "Open one of its courses yourself and read what the provider’s page says. Mostly another "
        "platform ID or client ID of this site is written there."
    ),
    error="login_required",
    status=403,
)


def check(tool: Tool) -> None:
    """Refuses a tool whose server does not answer. Takes ``COURSE_ANSWER_SECONDS`` at most.

    A server that this site may not ask (a private address, for example) counts as there.
    """
    seconds = settings.COURSE_ANSWER_SECONDS
    if not seconds:
        return
    known = cache.get(_key(tool))
    if known is None:
        if not cache.add(f"{_key(tool)}.asked", 1, seconds + 1):
            # Somebody is asking at this moment. One who waits is enough.
            return
        known = _ask(tool.login_url, seconds)
        cache.set(_key(tool), known, AWAY if known else THERE)
        cache.delete(f"{_key(tool)}.asked")
    if known:
        raise Refused(TOOL_AWAY, known)


def answered(tool: Tool) -> None:
    """It has just answered somebody who was sent there."""
    if settings.COURSE_ANSWER_SECONDS:
        cache.set(_key(tool), "", THERE)


def tell_of_unanswered(before: datetime) -> int:
    """Write into the launch log which tools never came back to us; how many.

    Looks at the tickets that ended before this moment and were not used. Where a tool did speak
    meanwhile, somebody has only closed a window: nothing is told of it.
    """
    unused = LaunchTicket.objects.filter(used_at=None, expires_at__lt=before)
    told = 0
    sent = unused.values("tool").annotate(times=Count("pk"), first=Min("expires_at"))
    for each in sent.order_by("tool"):
        tool = Tool.objects.get(pk=each["tool"])
        since = each["first"] - tickets.LIFETIME
        spoke = LogEntry.objects.filter(tool=tool, message__in=SPEAKING, at__gte=since)
        if spoke.exclude(requirement__in=OURS).exists():
            continue
        log.refused(tool, Message.LOGIN, Refused(LOGIN_UNANSWERED, f"{each['times']} ×"))
        told += 1
    return told


def _ask(url: str, seconds: float) -> str:
    """What is wrong (``FetchRefused.short``), or nothing."""
    try:
        fetch(url, accept=("*/*",), max_bytes=MOST_BYTES, seconds=seconds)
    except FetchRefused as refused:
        if refused.code in NOBODY or refused.status in DOWN:
            return refused.short
    return ""


def _key(tool: Tool) -> str:
    # Of its address: when that is corrected, what was known of the old one does not count.
    return f"wagtail_col.lti.reached.{tool.pk}.{sha256(tool.login_url.encode()).hexdigest()}"
