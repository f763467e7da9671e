"""The rule of a playlist while it is written: asked for by the form whenever it changes."""

from __future__ import annotations

from typing import Any

import swapper
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from wagtail_col.pages.rule_reading import Written, read, record_of
from wagtail_col.pages.types.playlist import PlaylistPageMixin

TEMPLATE = "wagtail_col/pages/rule_reading.html"
#: Fields whose errors are about the rule.
FIELDS = ("needed", "in_order", "before")


@require_POST
def of_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """The rule of a page as its form stands. 403 for who may not edit it; nothing is saved."""
    page = _page(page_id)
    if not isinstance(page, PlaylistPageMixin):
        raise Http404
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return _answer(request, page.get_latest_revision_as_object(), page.get_parent())


@require_POST
def of_new(request: HttpRequest, parent_id: int, app: str, model: str) -> HttpResponse:
    """The same for a page that is not there yet, below ``parent_id``."""
    parent = _page(parent_id)
    try:
        made = apps.get_model(app, model)
    except LookupError as error:
        raise Http404 from error
    if not issubclass(made, PlaylistPageMixin):
        raise Http404
    if not parent.permissions_for_user(request.user).can_add_subpage():
        raise PermissionDenied
    return _answer(request, made(owner=request.user, locale=parent.locale), parent)


def _page(pk: int):
    return get_object_or_404(swapper.load_model("wagtailcore", "Page"), pk=pk).specific


def _answer(request: HttpRequest, page: Any, parent: Any) -> HttpResponse:
    form_class = page.get_edit_handler().get_form_class()
    form = form_class(request.POST, instance=page, parent_page=parent, for_user=request.user)
    form.is_valid()
    said = form.cleaned_data
    written = Written(
        steps=form.steps_written(),
        needed=said.get("needed"),
        in_order=bool(said.get("in_order")),
        before=list(said.get("before") or ()),
        language=page.language,
        problems=tuple(error for name in FIELDS for error in form.errors.get(name, ())),
    )
    return render(request, TEMPLATE, {"reading": read(written, record_of(page))})
