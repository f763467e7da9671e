from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from wagtail_col.catalogue.pages import opportunity_context as catalogue_context


def opportunity_context(request: HttpRequest, key: UUID) -> dict | None:
    """An opportunity's page from its record; None when there is no published one."""
    return catalogue_context(key)
