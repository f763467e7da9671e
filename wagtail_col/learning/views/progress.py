"""What an open playlist page asks while a course is open in another window."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from wagtail_col.learning.views.own import never_kept
from wagtail_col.learning.watching import state_of


@never_kept
@require_safe
def progress(request: HttpRequest, key: UUID) -> JsonResponse:
    """``{"state": "..."}``: another text once the learner's progress is another one.

    403 for who is not logged in (any more): a script asks, and cannot use a log-in page.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"error": "login_required"}, status=403)
    return JsonResponse({"state": state_of(request.user, key)})
