"""Words in one of the site's own search backends: Elasticsearch, OpenSearch, or any of Wagtail's.

The setting ``SEARCH_BACKEND`` names it. Only words are looked for there, in the texts; filters,
counts and the map stay where they are, so everything else is the same. How words are found (forms,
typing errors) is then that backend's own business.

Its index is written after each commit. A hit that is no text of ours any more is left out, because
every answer is looked up in the database; ``manage.py update_index`` brings the rest in line.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL
from wagtail.search.backends import get_search_backend

from wagtail_col.catalogue.models import ListingText
from wagtail_col.conf import settings

#: The best hits that are taken: more than that Elasticsearch does not give out at once.
MOST_HITS = 10_000


def is_chosen() -> bool:
    """Whether the site looks for words in a backend of its own."""
    return bool(settings.SEARCH_BACKEND)


def matching(typed: str, selected: str) -> RawSQL:
    """See ``texts.matching``."""
    return _found(typed, selected)


def in_title(typed: str, selected: str) -> tuple[RawSQL, RawSQL]:
    """See ``texts.in_title``; it is the backend that knows what a whole word is."""
    found = _found(typed, selected, fields=["title"])
    return found, found


def keep(texts: Iterable[int]) -> None:
    """Write texts (primary keys) into the backend's index once this transaction is done."""
    transaction.on_commit(partial(_write, list(texts)))


def _write(texts: list[int]) -> None:
    index = get_search_backend(settings.SEARCH_BACKEND).get_index_for_model(ListingText)
    index.add_items(ListingText, list(ListingText.objects.filter(pk__in=texts)))


def _found(typed: str, selected: str, fields: list[str] | None = None) -> RawSQL:
    backend = get_search_backend(settings.SEARCH_BACKEND)
    texts = ListingText.objects.only("pk")
    found = backend.search(typed, texts, fields=fields, operator="and")[:MOST_HITS]
    ids = ", ".join(str(int(text.pk)) for text in found) or "NULL"
    # Whole numbers of our own: there are more than a statement may have parameters.
    sql = f"SELECT {selected} FROM {ListingText._meta.db_table} WHERE id IN ({ids})"  # noqa: S608
    return RawSQL(sql, [], output_field=BigIntegerField())  # noqa: S611
