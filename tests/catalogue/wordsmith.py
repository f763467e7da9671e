"""What the processes of ``test_words_at_once`` do: write and delete texts, or look for words.

``["write", name, rounds]`` answers how many rounds went well; ``["search", seconds]`` how often it
looked, and then what it should not have seen.
"""

import os
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402

from tests.catalogue import making  # noqa: E402
from wagtail_col.catalogue.models import Listing, ListingText  # noqa: E402
from wagtail_col.catalogue.publishing import withdraw_listing  # noqa: E402
from wagtail_col.catalogue.search import Query, texts  # noqa: E402

#: Stands in this many texts before, while and after the others are written.
STEADY, MANY = "amber", 12
#: Two texts have it, written and deleted in one transaction each time.
PAIR = "twofold"


def write(name: str, rounds: int) -> str:
    """Each round adds a pair and takes it away, changes a text, and takes one off the site."""
    changing = making.listing(f"Changing {name} first")
    for number in range(rounds):
        with transaction.atomic():
            pair = [making.listing(f"{PAIR} {name} {n}") for n in range(2)]
        other = making.listing(f"Passing {name} {number}")
        word = "second" if number % 2 else "first"
        making.listing(f"Changing {name} {word}", key=changing.key)
        if number % 2:
            withdraw_listing(other.key)
        else:
            # Past the site's own ways, as somebody at the database would.
            ListingText.objects.filter(listing=other).delete()
        with transaction.atomic():
            Listing.objects.filter(pk__in=[one.pk for one in pair]).delete()
    return str(rounds)


def search(seconds: float) -> str:
    end, looks, wrong = time.monotonic() + seconds, 0, set()
    while time.monotonic() < end:
        looks += 1
        if (found := len(texts.keys(texts.matching(STEADY)))) != MANY:
            wrong.add(f"{found} of {MANY}")
        if len(texts.keys(texts.matching(PAIR))) % 2:
            wrong.add("half a pair")
        # As a visitor looks, what is kept of words included.
        if (found := Query(q=STEADY).listings().count()) != MANY:
            wrong.add(f"a visitor sees {found} of {MANY}")
    return " ".join([str(looks), *sorted(wrong)])


def main(order: list, wait: Callable) -> str:
    way, *rest = order
    connection.ensure_connection()
    wait()
    try:
        return {"write": write, "search": search}[way](*rest)
    finally:
        connection.close()
