"""Whatever happens in the page tree, records follow.

One idea: after any operation, look at the pages that share a translation key and write the
record from those the public may see, or withdraw it when there is none. It is idempotent, so
it does not matter how many signals one operation sends, nor in which order.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from uuid import UUID

from django.apps import apps
from django.db import models, transaction
from django.db.models.signals import post_delete, post_save
from wagtail.models import PageViewRestriction, Site
from wagtail.signals import (
    copy_for_translation_done,
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
)

from wagtail_col.pages.sources import RecordSource


@cache
def source_models() -> tuple[type[models.Model], ...]:
    """Every page type of the site that is the source of a record, holders of others first."""
    found = [
        model
        for model in apps.get_models()
        if issubclass(model, RecordSource) and not model._meta.proxy
    ]
    return tuple(sorted(found, key=lambda model: not model.holds_others))


def is_public(page) -> bool:
    """Whether anybody may see the page: live, on a site, and not restricted, nor an ancestor."""
    return page.live and page.get_url_parts() is not None and not page.get_view_restrictions()


def sync(model: type[models.Model], key: UUID, *, without: int | None = None) -> None:
    """Bring one record in line with its pages; ``without``: a page that is just going."""
    pages = [
        page
        for page in model.objects.filter(translation_key=key, live=True).order_by("pk")
        if page.pk != without and not page.is_mirror and is_public(page)
    ]
    if pages:
        model.write_record(key, pages)
    else:
        model.withdraw_record(key)


def sync_page(page, *, without: int | None = None) -> None:
    """Sync the record of a page, and of its aliases' original."""
    sync(type(page), page.record_key, without=without)


def sync_tree(page) -> None:
    """Sync the records of a page and of everything below it, parents first."""
    for below in sources_below(page):
        sync_page(below)


def sources_below(page) -> Iterator:
    """The page and its descendants that are sources, territories first, top down."""
    for model in source_models():
        inside = model.objects.filter(path__startswith=page.path)
        yield from inside.order_by("depth", "pk").iterator()


def sync_everything() -> int:
    """Sync every record with its pages; returns how many. For repair and first installation."""
    count = 0
    for model in source_models():
        keys = model.objects.order_by("depth").values_list("translation_key", flat=True)
        for key in dict.fromkeys(keys):
            sync(model, key)
            count += 1
    return count


def _on_publish(instance, **kwargs) -> None:
    if isinstance(instance, RecordSource):
        sync_page(instance)
        _sync_held(instance)


def _on_unpublish(instance, **kwargs) -> None:
    if isinstance(instance, RecordSource):
        # The row may still say "live": a page about to be deleted is unpublished in memory only.
        sync_page(instance, without=instance.pk)
        _sync_held(instance)


def _sync_held(page) -> None:
    """What names this page as its parent, provider or territory is written again."""
    if page.holds_others:
        for below in sources_below(page):
            if below.pk != page.pk:
                sync_page(below)


def _on_move(instance, **kwargs) -> None:
    sync_tree(instance)


def _on_restriction(instance: PageViewRestriction, **kwargs) -> None:
    sync_tree(instance.page)


def _on_translation(target_obj, **kwargs) -> None:
    if isinstance(target_obj, RecordSource):
        sync_page(target_obj)


def _on_created(sender, instance, created: bool, raw: bool, **kwargs) -> None:
    # A page created live in code is published without the signal that says so, and its dates
    # or steps are saved after it: wait for the transaction.
    if created and not raw and isinstance(instance, RecordSource) and instance.live:
        transaction.on_commit(lambda: _sync_if_there(type(instance), instance.pk))


def _sync_if_there(model: type[models.Model], pk: int) -> None:
    page = model.objects.filter(pk=pk).first()
    if page:
        sync_page(page)


def _on_site(**kwargs) -> None:
    # Another root page or a first site changes every address.
    transaction.on_commit(sync_everything)


def connect() -> None:
    """Listen. Called once, when the app is ready."""
    uid = "wagtail_col.pages.syncing"
    page_published.connect(_on_publish, dispatch_uid=uid)
    page_unpublished.connect(_on_unpublish, dispatch_uid=uid)
    post_page_move.connect(_on_move, dispatch_uid=uid)
    page_slug_changed.connect(_on_move, dispatch_uid=uid)
    copy_for_translation_done.connect(_on_translation, dispatch_uid=uid)
    post_save.connect(_on_created, dispatch_uid=uid)
    for signal in (post_save, post_delete):
        signal.connect(_on_restriction, sender=PageViewRestriction, dispatch_uid=uid)
        signal.connect(_on_site, sender=Site, dispatch_uid=uid)
