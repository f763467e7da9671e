"""Where a catalogue sends what was picked: a form from another site, so without any session."""

from __future__ import annotations

import time
from contextlib import suppress
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from wagtail_col.conf import base_url, settings
from wagtail_col.lti import log, picking, toolkeys
from wagtail_col.lti.errors import error_page
from wagtail_col.lti.models import DeepLinkReturn, Message, Tool
from wagtail_col.lti.platform import jwt
from wagtail_col.lti.platform.deep_linking import CLIENT, DL, IN_USE, JWT, read_response
from wagtail_col.lti.platform.requirements import Refused
from wagtail_col.shell import render_page


# A key fetch takes seconds, and its back-off has to stay whatever is refused.
@transaction.non_atomic_requests
@csrf_exempt
@never_cache
@require_POST
def deep_links(request: HttpRequest) -> HttpResponse:
    """Check the answer, keep it, and send the editor on (Deep Linking 2.0, section 4.5)."""
    tool, claims = None, {}
    try:
        token = _token(request)
        tool = _tool(jwt.read_unverified(token)[1])
        if not tool.is_active:
            raise Refused(IN_USE, tool.state)
        claims = toolkeys.verify(tool, token)
        returned = _accept(tool, claims)
    except Refused as refused:
        log.refused(tool, Message.PICKED, refused)
        lead = _("What you picked was not taken over. Your page is as it was.")
        return error_page(request, refused, tool=tool, lead=lead, back=_back(tool, claims))
    log.done(tool, Message.PICKED)
    # A browser sends its session along with the next request, which is a GET; not with this one.
    response = redirect("col_lti:picked", returned.key)
    response.status_code = 303
    return response


@never_cache
@require_safe
def picked(request: HttpRequest, key: UUID) -> HttpResponse:
    """On to the page the editor came from. Without a session, by a link.

    A site may have told browsers to keep its session from whatever another site has begun
    (``SameSite=Strict``): a click here is begun by this site.
    """
    returned = get_object_or_404(DeepLinkReturn.objects.select_related("ticket"), key=key)
    path = returned.ticket.return_path or "/"
    address = f"{path}{'&' if '?' in path else '?'}{urlencode({'picked': key})}"
    if request.user.is_authenticated:
        return redirect(address)
    return render_page(request, "wagtail_col/lti/picked.html", {"address": address})


def _token(request: HttpRequest) -> str:
    tokens = request.POST.getlist("JWT")
    if len(tokens) != 1:
        raise Refused(JWT, f"{len(tokens)} messages")
    return tokens[0]


def _tool(claims: dict) -> Tool:
    client_id = claims.get("iss")
    if isinstance(client_id, str) and client_id.isprintable():
        tool = Tool.objects.filter(client_id=client_id).first()
        if tool is not None:
            return tool
    raise Refused(CLIENT, str(client_id)[:100])


def _back(tool: Tool | None, claims: dict) -> str:
    """Where the editor came from, if the answer says so."""
    data = claims.get(f"{DL}data")
    if tool is not None and isinstance(data, str):
        with suppress(Refused):
            return picking.ticket_for(tool, data).return_path or "/"
    return "/"


def _accept(tool: Tool, claims: dict) -> DeepLinkReturn:
    response = read_response(
        claims,
        issuer=base_url(),
        client_id=tool.client_id,
        deployment_id=tool.deployment_id,
        launch_url=tool.launch_url,
        now=time.time(),
        http_hosts=settings.FETCH_PRIVATE_HOSTS,
    )
    return picking.accept(picking.ticket_for(tool, response.data), response)
