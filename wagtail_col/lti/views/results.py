"""The result service (Assignment and Grade Services 2.0, section 3.3)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from wagtail_col.lti import gradebook, grading
from wagtail_col.lti.addresses import line_item_url, results_url
from wagtail_col.lti.models import LineItem, Message, Result
from wagtail_col.lti.platform import paging, scores
from wagtail_col.lti.platform.scopes import RESULT_READ
from wagtail_col.lti.views.service import Call, Operation, answer, linked, service


def result_url(line_item_key: UUID, sub: UUID) -> str:
    """What identifies one learner's result: it answers with that one."""
    return f"{results_url(line_item_key)}?user_id={sub}"


def _list(call: Call) -> HttpResponse:
    page = paging.read_page(call.query(), ("user_id",))
    line_item = gradebook.line_item_of(call.tool, call.key)
    call.about(line_item)
    found, more = grading.results(line_item, page)
    response = answer([_json(line_item, result) for result in found], scores.RESULTS)
    following = page.next(found[-1].pk) if more else ""
    return linked(response, results_url(call.key), next=following)


def _json(line_item: LineItem, result: Result) -> dict:
    sub = result.tool_user.sub
    said = scores.Result(
        user_id=str(sub),
        given=result.score_given,
        maximum=result.score_maximum,
        comment=result.comment,
    )
    return scores.result_json(
        said,
        line_item_url=line_item_url(line_item.key),
        url=result_url(line_item.key, sub),
        line_item_maximum=line_item.score_maximum,
    )


results = service(Message.RESULT, GET=Operation((RESULT_READ,), _list))
