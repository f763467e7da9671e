"""Asking what has to be asked first: the age band, or a guardian."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from wagtail_col.people.may import Purpose, has_to_say, may, why_not


def ask_age(sender: type, request: HttpRequest, **kwargs: Any) -> HttpResponse | None:
    """A receiver of ``own.asked_first``: the question, once; it leads back."""
    match = request.resolver_match
    if match is None or match.app_name == "col_people" or not has_to_say(request.user):
        return None
    return redirect(_question(request.get_full_path()))


def on_the_way(person: AbstractBaseUser, path: str) -> str:
    """``path``, or the question that leads to it when the person has not said their age."""
    if not apps.is_installed("wagtail_col.people") or not has_to_say(person):
        return path
    return _question(path)


def needs(purpose: Purpose) -> Callable:
    """Decorator of a learner's own view: who may not is told what to do instead."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def allowed(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if may(request.user, purpose):
                return view(request, *args, **kwargs)
            messages.error(request, why_not(request.user))
            return redirect("col_people:my_data")

        return allowed

    return decorate


def safe_path(request: HttpRequest, path: str) -> str:
    """``path`` if it is one of this site, else nothing."""
    here = url_has_allowed_host_and_scheme(
        path, {request.get_host()}, require_https=request.is_secure()
    )
    return path if here and path.startswith("/") else ""


def with_next(address: str, path: str) -> str:
    """``address`` of a page that leads on to ``path``."""
    query = QueryDict(mutable=True)
    query["next"] = path
    return f"{address}?{query.urlencode(safe='/')}"


def _question(path: str) -> str:
    return with_next(reverse("col_people:my_age"), path)
