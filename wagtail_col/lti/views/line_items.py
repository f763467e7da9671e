"""The line item service (Assignment and Grade Services 2.0, section 3.2)."""

from __future__ import annotations

from django.http import HttpResponse

from wagtail_col.conf import settings
from wagtail_col.lti import gradebook
from wagtail_col.lti.addresses import line_item_url, line_items_url
from wagtail_col.lti.models import LineItem, Message
from wagtail_col.lti.platform import grades, paging
from wagtail_col.lti.platform.scopes import LINE_ITEM, LINE_ITEM_READ
from wagtail_col.lti.views.service import Call, Operation, answer, linked, service

_READ, _WRITE = (LINE_ITEM, LINE_ITEM_READ), (LINE_ITEM,)


def _list(call: Call) -> HttpResponse:
    page = paging.read_page(call.query(), grades.FILTERS)
    context = gradebook.context_of(call.tool, call.key)
    found, more = gradebook.line_items(call.tool, context, page)
    response = answer([_json(line_item) for line_item in found], grades.CONTAINER)
    following = page.next(found[-1].pk) if more else ""
    return linked(response, line_items_url(call.key), next=following)


def _create(call: Call) -> HttpResponse:
    item = grades.read_line_item(call.body(), settings.FETCH_PRIVATE_HOSTS)
    context = gradebook.context_of(call.tool, call.key)
    made = gradebook.create(call.tool, context, item)
    call.about(made)
    response = answer(_json(made), grades.ITEM, status=201)
    response["Location"] = line_item_url(made.key)
    return response


def _get(call: Call) -> HttpResponse:
    line_item = gradebook.line_item_of(call.tool, call.key)
    call.about(line_item)
    return answer(_json(line_item), grades.ITEM)


def _put(call: Call) -> HttpResponse:
    line_item = gradebook.line_item_of(call.tool, call.key)
    call.about(line_item)
    item = grades.read_line_item(call.body(), settings.FETCH_PRIVATE_HOSTS)
    return answer(_json(gradebook.update(line_item, item)), grades.ITEM)


def _delete(call: Call) -> HttpResponse:
    line_item = gradebook.line_item_of(call.tool, call.key)
    call.about(line_item)
    gradebook.delete(line_item)
    return HttpResponse(status=204)


def _json(line_item: LineItem) -> dict:
    return grades.line_item_json(gradebook.as_said(line_item), line_item_url(line_item.key))


line_items = service(
    Message.LINE_ITEM, GET=Operation(_READ, _list), POST=Operation(_WRITE, _create)
)
line_item = service(
    Message.LINE_ITEM,
    GET=Operation(_READ, _get),
    PUT=Operation(_WRITE, _put),
    DELETE=Operation(_WRITE, _delete),
)
