"""Reading one of our pages in another language than the browser asks for: ``?lang=sl``."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


def in_chosen_language(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: ``?lang=`` names the language of the answer, when the site speaks it.

    The answer is rendered inside, so that nothing of it is left to another language. Without the
    parameter, or with a language the site does not speak, the view is called as it is.
    """

    @wraps(view)
    def chosen(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        language = request.GET.get("lang")
        if language not in dict(settings.LANGUAGES):
            return view(request, *args, **kwargs)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = view(request, *args, **kwargs)
            if hasattr(response, "render") and not response.is_rendered:
                response.render()
        response.headers.setdefault("Content-Language", language)
        return response

    return chosen


def lang_attribute(language: str) -> str:
    """``language`` where a text is in another one than the page around it, else ``""``."""
    active = translation.get_language() or settings.LANGUAGE_CODE
    return "" if language in (active, active.split("-")[0]) else language
