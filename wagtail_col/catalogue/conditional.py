"""Answers that any HTTP cache may keep: their ETag is the catalogue's revision and the minute,
their Last-Modified the minute's beginning, for caches that know nothing better."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from hashlib import sha256

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date

from wagtail_col.catalogue.models import CatalogueRevision

#: Seconds a cache may serve an answer without asking; nothing withdrawn is shown for longer.
FRESH = 30


def same_for_everyone(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorator, below the one that chooses the language: the answer depends on the address, the
    language and the catalogue alone. Asked with the ETag it gave, it answers 304 without work.

    The view finds the catalogue's revision in ``request.catalogue_revision``.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        request.catalogue_revision = CatalogueRevision.current()
        minute = int(timezone.now().timestamp()) // 60
        etag = _etag(request, minute)
        response = get_conditional_response(request, etag=etag, last_modified=minute * 60)
        if response is None:
            response = view(request, *args, **kwargs)
        if response.status_code in (200, 304):
            response["ETag"] = etag
            response["Last-Modified"] = http_date(minute * 60)
            patch_cache_control(response, public=True, max_age=FRESH)
        return response

    answered.is_for_caches = True
    return answered


def is_for_caches(view: Callable[..., HttpResponseBase]) -> bool:
    """Whether caches may keep what this view answers. (Decorators hand the mark on.)"""
    return getattr(view, "is_for_caches", False)


def _etag(request: HttpRequest, minute: int) -> str:
    # What lies ahead changes with the clock, so an answer is another one in the next minute.
    parts = (
        request.catalogue_revision,
        minute,
        translation.get_language(),
        request.get_full_path(),
    )
    return f'W/"{sha256(repr(parts).encode()).hexdigest()[:32]}"'
