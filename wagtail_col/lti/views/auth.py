"""Where tools ask who is there: the authorization endpoint (Security Framework 1.0, 5.1.1.2).

A wrong client or redirect URI is shown on our own page, and nothing is sent. Any other fault is
told to the tool, at its registered redirect URI, and written into the launch log.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wagtail_col.conf import settings
from wagtail_col.lookups import LookUp
from wagtail_col.lti import launching, log, tickets
from wagtail_col.lti.errors import error_page
from wagtail_col.lti.models import Message, Tool
from wagtail_col.lti.platform import login
from wagtail_col.lti.platform.requirements import Refused
from wagtail_col.lti.views.going_on import post_on

_TOOL = LookUp(lambda client_id: Tool.objects.filter(client_id=client_id))

#: Sent along when our own page has posted the request once more.
AGAIN = "col_again"


@csrf_exempt
@require_http_methods(["GET", "POST"])
def auth(request: HttpRequest) -> HttpResponse:
    """A tool's authentication request, answered with a form that posts the id_token."""
    params = request.POST if request.method == "POST" else request.GET
    asked = login.read_authentication_request(dict(params.lists()))
    hinted = tickets.named(asked)
    tool = _find_tool(asked, hinted)
    try:
        if tool is None:
            raise Refused(login.CLIENT)
        launching.check_tool(tool)
        login.check_redirect_uri(asked, tool.redirect_uris, http_hosts=settings.FETCH_PRIVATE_HOSTS)
    except Refused as refused:
        log.refused(tool, Message.LOGIN, refused)
        return error_page(request, refused, tool)
    if _came_without_cookie(request) and AGAIN not in params:
        return _once_more(asked)
    return _answered(request, tool, asked, hinted)


def _answered(
    request: HttpRequest, tool: Tool, asked: login.AuthenticationRequest, hinted: tickets.Named
) -> HttpResponse:
    message, course = Message.LOGIN, None
    try:
        login.check_form(asked)
        ticket = tickets.find(hinted, tool)
        message, course = launching.MESSAGES[ticket.kind], launching.course_of(ticket)
        tickets.check_bearer(ticket, request.user, request.session.session_key)
        launching.check_person(request.user)
        fields = {"id_token": launching.answer(ticket, asked.nonce)}
    except Refused as refused:
        log.refused(tool, message, refused, course=course)
        fields = {"error": refused.requirement.error, "error_description": _described(refused)}
    if asked.state:
        fields["state"] = asked.state
    says = _("Opening %(provider)s …") % {"provider": tool.name}
    return post_on(asked.redirect_uri, fields, says)


def _find_tool(asked: login.AuthenticationRequest, hinted: tickets.Named) -> Tool | None:
    """The tool that says it asks. Most of the time it came with its ticket."""
    if "client_id" in asked.repeated or not asked.client_id.isprintable():
        return None
    if hinted.ticket and hinted.ticket.tool.client_id == asked.client_id:
        return hinted.ticket.tool
    return _TOOL.first(client_id=asked.client_id)


def _came_without_cookie(request: HttpRequest) -> bool:
    """Browsers keep our cookie back when another site's form, or a frame of it, brings somebody."""
    return not request.user.is_authenticated


def _once_more(asked: login.AuthenticationRequest) -> HttpResponse:
    """The same request from a page of ours: then the browser sends our cookie with it."""
    fields = {**asked.parameters(), AGAIN: "1"}
    return post_on(reverse("col_lti:auth"), fields, _("One moment …"))


def _described(refused: Refused) -> str:
    """``error_description``: plain ASCII, in English (RFC 6749, section 4.1.2.1)."""
    with translation.override("en"):
        text = f"{refused.requirement.field}: {refused.requirement.says}"
    allowed = (character for character in text if " " <= character <= "~")
    return "".join(allowed).replace('"', "").replace("\\", "")
