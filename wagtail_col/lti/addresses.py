"""Where our services are, in full: what stands in messages, in answers and in a tool's settings."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from wagtail_col.conf import base_url


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


def _url(name: str, key: UUID | None = None) -> str:
    return base_url() + reverse(f"col_lti:{name}", kwargs={"key": key} if key else None)
