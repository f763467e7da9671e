"""The membership service (Names and Role Provisioning Services 2.0)."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse

from wagtail_col.lti import gradebook, roster
from wagtail_col.lti.addresses import members_url
from wagtail_col.lti.models import Message
from wagtail_col.lti.platform.roster import CONTAINER, container_json
from wagtail_col.lti.platform.scopes import MEMBERS_READ
from wagtail_col.lti.views.service import Call, Operation, answer, linked, service


def _list(call: Call) -> HttpResponse:
    context = gradebook.context_of(call.tool, call.key)
    found = roster.members(call.tool, context, call.query())
    url = members_url(context.key)
    body = container_json(
        f"{url}?{urlencode({'rlid': found.rlid})}" if found.rlid else url,
        context_id=str(context.key),
        title=context.title,
        members=found.members,
    )
    response = answer(body, CONTAINER)
    return linked(response, url, next=found.next, differences=found.differences)


members = service(Message.MEMBERS, GET=Operation((MEMBERS_READ,), _list))
