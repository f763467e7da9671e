from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from wagtail_col.catalogue.models import Territory


def territory_context(request: HttpRequest, key: UUID) -> dict | None:
    """The context of a territory's page from its record; None when there is no published one."""
    record = Territory.objects.published().filter(key=key).prefetch_related("texts").first()
    return {"record": record, "text": record.text} if record else None
