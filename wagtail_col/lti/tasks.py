"""Work that nobody waits for."""

from __future__ import annotations

from django.core.cache import cache
from django_tasks import task

from wagtail_col.lti import cleaning

#: Seconds between two cleanings on the way.
EVERY = 3600

_CACHE_KEY = "wagtail_col.lti.cleaned"


@task()
def clean_lti() -> dict[str, int]:
    """Take out what has served (``cleaning.clean``)."""
    return cleaning.clean()


def clean_sometimes() -> bool:
    """Have it cleaned once an hour, by whoever comes along. Whether it was time.

    So a site that runs no command every day does not fill up.
    """
    if not cache.add(_CACHE_KEY, 1, EVERY):
        return False
    clean_lti.enqueue()
    return True
