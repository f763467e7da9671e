"""What every page of a learner's own has in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from wagtail_col.language import in_chosen_language


def never_kept(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: the answer stays in no cache, not even the browser's: it is one person's own, or
    what it shows can be over at the next moment."""

    @wraps(view)
    def own(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return own


def learners_own(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: in the chosen language, after logging in, kept nowhere."""
    return in_chosen_language(never_kept(login_required(view)))
