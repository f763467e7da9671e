"""The table of this process, at the state the database is in."""

from __future__ import annotations

from threading import Lock

from django.db import connection

from wagtail_col.catalogue.models import CatalogueRevision

from .reading import read_all, read_changes
from .table import Table

_lock = Lock()
_tables: dict[str, Table] = {}


def table() -> Table | None:
    """The catalogue as it is now; None where arrays must not be used.

    That is inside a transaction that has changed the catalogue itself: what it sees may still be
    undone, and others must not be told of it.
    """
    if CatalogueRevision.is_unsettled():
        return None
    _number, stamp = CatalogueRevision.state()
    name = str(connection.settings_dict["NAME"])
    known = _tables.get(name)
    if known is not None and known.stamp == stamp:
        return known
    # One reads, the others of this process wait for what it reads.
    with _lock:
        known = _tables.get(name)
        if known is None or known.stamp != stamp:
            known = (read_changes(known) if known is not None else None) or read_all()
            _tables[name] = known
    return known


def forget() -> None:
    """Read everything again when it is asked for next."""
    _tables.clear()
