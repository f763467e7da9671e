"""The score service (Assignment and Grade Services 2.0, section 3.4)."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone

from wagtail_col.lti import gradebook, grading
from wagtail_col.lti.models import Message
from wagtail_col.lti.platform.scopes import SCORE
from wagtail_col.lti.platform.scores import read_score
from wagtail_col.lti.views.results import result_url
from wagtail_col.lti.views.service import Call, Operation, answer, service


def _post(call: Call) -> HttpResponse:
    line_item = gradebook.line_item_of(call.tool, call.key)
    call.about(line_item)
    score = read_score(call.body(), timezone.now())
    # The log's entry too: one commit instead of two.
    grading.record_score(line_item, score, call.done)
    return answer({"resultUrl": result_url(line_item.key, score.user_id)}, "application/json")


scores = service(Message.SCORE, POST=Operation((SCORE,), _post))
