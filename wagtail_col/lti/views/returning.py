"""Where a tool sends people back to, with what it has to say (LTI 1.3, section 5.4.4)."""

from __future__ import annotations

import re
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from wagtail_col.lti import log
from wagtail_col.lti.errors import error_page
from wagtail_col.lti.messages import read_return
from wagtail_col.lti.models import Message, Tool, ToolUser
from wagtail_col.lti.platform.requirements import Refused, requirement
from wagtail_col.lti.views.going_on import leave_frame

#: Characters of what a tool says that are shown.
LONGEST = 300
#: In the address once the frame has been left.
OUTSIDE = "col_outside"

RETURN_ADDRESS = requirement(
    "return-address",
    "LTI 1.3, 5.4.4",
    "return_url",
    gettext_lazy("The address to come back to was not made here, or it is several days old."),
    gettext_lazy("Nothing has to be mended: people go on from this site’s own pages."),
    status=404,
)
TOOL_SAID = requirement(
    "return-error",
    "LTI 1.3, 5.4.4",
    "lti_errormsg",
    gettext_lazy("The course provider sent somebody back because of an error of its own."),
    gettext_lazy("Ask the course provider’s support what the message means."),
)

_TOKEN = re.compile(r"[A-Za-z0-9_.~+/=-]{24,}")


@require_GET
def come_back(request: HttpRequest, token: str) -> HttpResponse:
    """Shows what the tool says, as its words, on the page the person came from."""
    try:
        sub, path, framed = read_return(token)
    except signing.BadSignature:
        return error_page(request, Refused(RETURN_ADDRESS))
    if framed and OUTSIDE not in request.GET:
        # In a frame that another site has led here there are no cookies, and no room.
        query = request.GET.copy()
        query[OUTSIDE] = "1"
        return leave_frame(f"{request.path}?{query.urlencode()}", _("One moment …"))
    if tool := _tool_of(request, sub):
        _tell(request, tool)
    response = HttpResponseRedirect(path)
    add_never_cache_headers(response)
    return response


def _tool_of(request: HttpRequest, sub: UUID) -> Tool | None:
    """The tool, in use, by which the person who is logged in is known as ``sub``.

    Everybody can write something behind an address they were given and hand it on: nobody else is
    told that. A message would also begin a new session, in place of one that was kept back.
    """
    if not request.user.is_authenticated:
        return None
    known = ToolUser.objects.select_related("tool").filter(sub=sub, user=request.user).first()
    return known.tool if known and known.tool.is_active else None


def _tell(request: HttpRequest, tool: Tool) -> None:
    said = _text(request, "lti_msg")
    error = _text(request, "lti_errormsg")
    # Names go before it is cut: half of one at the end would not be found.
    for_log = _line(request, "lti_errorlog") or _line(request, "lti_errormsg")
    if for_log:
        detail = _without_names(for_log, request.user)[:LONGEST]
        log.refused(tool, Message.RETURN, Refused(TOOL_SAID, detail))
    elif said or _text(request, "lti_log"):
        log.done(tool, Message.RETURN)
    if said:
        messages.info(request, _quoted(tool, said))
    if error:
        messages.warning(request, _quoted(tool, error))


def _quoted(tool: Tool, text: str) -> str:
    return _("%(provider)s says: “%(text)s”") % {"provider": tool.name, "text": text}


def _text(request: HttpRequest, name: str) -> str:
    return _line(request, name)[:LONGEST]


def _line(request: HttpRequest, name: str) -> str:
    """One line of plain text: templates escape it, so markup is shown as it was written."""
    text = "".join(c if c.isprintable() else " " for c in request.GET.get(name, ""))
    return " ".join(text.split())


def _without_names(text: str, user) -> str:
    """For the launch log, which holds no names, addresses or tokens.

    Addresses are looked for in one word after another: a pattern for all of it would be tried from
    each letter on, and a long text keep the site busy.
    """
    words = ("…" if "@" in word.strip("@") else word for word in text.split())
    text = _TOKEN.sub("…", " ".join(words))
    names = [user.get_username(), *user.get_full_name().split()]
    for name in filter(lambda name: len(name) > 1, names):
        text = re.sub(re.escape(name), "…", text, flags=re.IGNORECASE)
    return text
