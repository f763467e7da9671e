"""What every page of a learner's own has in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse

from wagtail_col.language import in_chosen_language

#: Asked before a learner's own page is shown. ``request``; a receiver that has to ask them
#: something first returns the response to show in its place.
asked_first = Signal()


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

    @wraps(view)
    def after_questions(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            for _receiver, instead in asked_first.send(type(request), request=request):
                if instead is not None:
                    return instead
        return view(request, *args, **kwargs)

    return in_chosen_language(never_kept(login_required(after_questions)))
