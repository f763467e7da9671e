"""Seeing a page that has no record: a draft in preview, or a private page.

Learners' pages read records only, and a draft has none. So the record is written inside a
transaction, the page is rendered from it, and the transaction is rolled back: the preview is
exactly what would be published, and nothing remains of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from wagtail_col.catalogue.caching import without_cache
from wagtail_col.pages.sources import RecordSource


@contextmanager
def as_published(page: RecordSource) -> Iterator[None]:
    """Inside, the page's record exists as if the page were published; after it, nothing does."""
    with transaction.atomic(), without_cache():
        try:
            type(page).write_record(page.record_key, [page])
            yield
        finally:
            transaction.set_rollback(True)
