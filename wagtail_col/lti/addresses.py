"""Where our services are, in full: what stands in messages, in answers and in a tool's settings."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.translation import get_language

from wagtail_col.conf import base_url

#: Stands in a path for what comes there.
_ANY = UUID(int=0)


def issuer() -> str:
    """Who we are to tools: the site's address without a slash at the end."""
    return base_url()


def token_url() -> str:
    return _url("token")


def line_items_url(context_key: UUID) -> str:
    return _url("line_items", context_key)


def line_item_url(line_item_key: UUID) -> str:
    return _url("line_item", line_item_key)


def results_url(line_item_key: UUID) -> str:
    return _url("results", line_item_key)


def members_url(context_key: UUID) -> str:
    return _url("members", context_key)


def return_url(token: str) -> str:
    return base_url() + _path("return", "token", *_mounted()).replace(str(_ANY), token)


def deep_links_url() -> str:
    return _url("deep_links")


def _url(name: str, key: UUID | None = None) -> str:
    path = _path(name, "key" if key else "", *_mounted())
    return base_url() + (path.replace(str(_ANY), str(key)) if key else path)


def _mounted() -> tuple[str | None, ...]:
    """What decides about our paths: the site's addresses, where they begin, and the language."""
    return get_urlconf() or settings.ROOT_URLCONF, get_script_prefix(), get_language()


@lru_cache(maxsize=128)
def _path(name: str, argument: str, *_mounted: str | None) -> str:
    """Found once: a launch names five of them, and each takes as long as asking the database."""
    return reverse(f"col_lti:{name}", kwargs={argument: _ANY} if argument else None)
