"""Who edits a part of the site sees that part, in Wagtail's lists and choosers too.

Wagtail checks what somebody may do with a page, but several of its views say what the page is
called before they do: choosers, bulk actions, moving, messages about a workflow. So that one
organisation does not read the drafts of another, every address of the admin that names a page is
guarded here, and choosers offer what is published or one's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps

import swapper
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from wagtail.permissions import page_permission_policy

from wagtail_col.pages.admin.media import may_choose_image

#: The parts of Wagtail's addresses that are a page.
PAGE_PARTS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_pk")
#: Addresses whose pages are only linked to: what is published may be chosen.
CHOOSERS = ("wagtailadmin_choose_page_child", "wagtailadmin_choose_page_chosen_multiple")
#: Reports about all pages, whoever they belong to.
REPORTS = ("page_types_usage", "page_types_usage_results")


def explorable(parent_page, pages: QuerySet, request: HttpRequest) -> QuerySet:
    """The pages of the explorer, also when a site's settings let its search show all."""
    return pages if request.user.is_superuser else pages.filter(pk__in=_own(request.user))


def choosable(pages: QuerySet, request: HttpRequest) -> QuerySet:
    """The pages of a chooser that somebody may know of: one's own, and what is published.

    Choosers show the title of the newest draft, so a published page with another title in
    its draft is left out.
    """
    if request.user.is_superuser:
        return pages
    public = _pages().live().public().filter(draft_title=F("title")).values_list("pk", flat=True)
    return pages.filter(Q(pk__in=_own(request.user)) | Q(pk__in=public))


def sees_all(user) -> bool:
    """Whether there is no page that somebody may not see in the explorer."""
    if user.is_superuser:
        return True
    return not _pages().exclude(depth=1).exclude(pk__in=_own(user)).exists()


def guard(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """One of Wagtail's views, closed to whoever may not know the pages its address names."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_superuser:
            _check(request, kwargs)
        return view(request, *args, **kwargs)

    return guarded


def _check(request: HttpRequest, kwargs: dict) -> None:
    name = request.resolver_match.url_name if request.resolver_match else ""
    if name in REPORTS and not sees_all(request.user):
        raise PermissionDenied
    if name == "select_format" and not may_choose_image(request.user, kwargs["image_id"]):
        raise PermissionDenied
    ids = {int(kwargs[part]) for part in PAGE_PARTS if part in kwargs}
    if name == "wagtail_bulk_action" and _is_about_pages(kwargs):
        ids |= _bulk(request)
    elif name in CHOOSERS:
        asked = _pages().filter(pk__in=ids | _numbers(request.GET.getlist("id")))
        if asked.exclude(pk__in=choosable(asked, request).values("pk")).exists():
            raise PermissionDenied
        return
    if not _may_know(request.user, ids):
        raise PermissionDenied


def _bulk(request: HttpRequest) -> set[int]:
    """The pages a bulk action is about."""
    chosen = request.GET.getlist("id")
    if "all" not in chosen:
        return _numbers(chosen)
    parents = _pages().filter(pk__in=_numbers([request.GET.get("childOf", "")]))
    found = _pages() if not parents else parents[0].get_descendants()
    return set(found.exclude(depth=1).values_list("pk", flat=True))


def _is_about_pages(kwargs: dict) -> bool:
    meta = _pages().model._meta
    return (kwargs["app_label"], kwargs["model_name"]) == (meta.app_label, meta.model_name)


def _may_know(user, ids: set[int]) -> bool:
    """Whether somebody explores these pages, or was asked to look at them by a workflow."""
    pages = _pages().filter(pk__in=ids)
    unknown = pages.exclude(pk__in=_own(user)) if ids else ()
    return all(page.specific.permissions_for_user(user).can_edit() for page in unknown)


def _numbers(texts: Iterable[str]) -> set[int]:
    return {int(text) for text in texts if text.isdecimal()}


def _own(user) -> QuerySet:
    return page_permission_policy.explorable_instances(user).values_list("pk", flat=True)


def _pages() -> QuerySet:
    return swapper.load_model("wagtailcore", "Page")._default_manager.all()
