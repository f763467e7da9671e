"""What learners ask of a large catalogue: the moving map, a search, the next page of the list."""

from __future__ import annotations

import random
from collections.abc import Callable
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.benchmarks.find import europe
from tests.benchmarks.pages import empty_page, visit
from tests.benchmarks.timing import Row, compare, compare_each

TRACE = 200
#: A phone in landscape, or a small window.
WIDTH, HEIGHT = 1280, 800
#: How often a search is made; each time another one, so that none is answered from a cache.
SEARCHES = 60


def map_trace(backend: str, n: int) -> Row:
    """200 requests of somebody who zooms and moves, two of five with two or three filters.

    Floor: the clusters of the same views without filters, counted by the database with one bare
    statement through the driver.
    """
    chance = random.Random(1)
    client = Client(headers={"accept-language": "en"})
    url = reverse("col_catalogue:map")
    steps = [_step(chance) for _ in range(TRACE + 10)]

    def ask(step: dict) -> None:
        answered = client.get(url, step)
        if answered.status_code != 200:
            raise RuntimeError(f"the map answered {answered.status_code}: {answered.content!r}")

    return compare_each("map-trace", backend, n, ask, _count_cells, steps)


def _step(chance: random.Random) -> dict[str, str]:
    from wagtail_col.geo import ZOOM, Point, from_map, to_map

    zoom = chance.randint(4, 15)
    lon, lat = chance.choice(list(europe.CITIES.values()))
    x, y = to_map(Point(lon + chance.gauss(0, 0.1), lat + chance.gauss(0, 0.1)))
    half_width, half_height = (side << (ZOOM - zoom - 1) for side in (WIDTH, HEIGHT))
    world = (1 << (ZOOM + 8)) - 1
    west, north = from_map(max(x - half_width, 0), max(y - half_height, 0))
    east, south = from_map(min(x + half_width, world), min(y + half_height, world))
    step = {
        "territory": str(europe.TERRITORY),
        "bbox": f"{west:.6f},{south:.6f},{east:.6f},{north:.6f}",
        "zoom": str(zoom),
        "lang": "en",
    }
    if chance.random() < 0.4:
        filters = {
            "interest": chance.choice(europe.INTERESTS),
            "free": "1",
            "kind": chance.choice(europe.KINDS),
            "age": "14",
            "when": "week",
        }
        step |= dict(chance.sample(list(filters.items()), chance.choice((2, 3))))
    return step


def _count_cells(step: dict[str, str]) -> None:
    from django.http import QueryDict

    from wagtail_col.catalogue.map import CELL_BITS, read_view
    from wagtail_col.geo import ZOOM

    view = read_view(QueryDict(urlencode(step)))
    shift = ZOOM - int(view.zoom) + CELL_BITS
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT x >> %s, y >> %s, count(*), avg(x), avg(y) FROM col_catalogue_mappoint"
            " WHERE x BETWEEN %s AND %s AND y BETWEEN %s AND %s GROUP BY 1, 2",
            [shift, shift, view.west, view.east, view.north, view.south],
        )
        cursor.fetchall()


def search(backend: str, n: int, address: str) -> Row:
    """Words, place and filters: the page with its counts and the first results.

    The word is in 5 % of the texts, and each time it is as if nobody had looked for it before.
    Floor: the twenty best for that word from the database's own index, with one bare statement.
    """
    return _search("search", backend, n, address, forget_hits, _searches())


def search_again(backend: str, n: int, address: str) -> Row:
    """The same for who has typed the word already, and now filters."""
    # Other pages than those of ``search``, so that none of them is kept.
    steps = [
        {"q": one["q"], "place": one["place"], "max_price": "1", "age": one["age"]}
        for one in _searches()
    ]
    return _search("search-again", backend, n, address, lambda: None, steps)


def _search(
    job: str,
    backend: str,
    n: int,
    address: str,
    before: Callable[[], None],
    steps: list[dict[str, str]],
) -> Row:
    client = Client(headers={"accept-language": "en"})

    def ask(step: dict) -> None:
        before()
        answered = client.get(address, step)
        if answered.status_code != 200:
            raise RuntimeError(f"the search answered {answered.status_code}")

    return compare_each(job, backend, n, ask, lambda _step: best_twenty(), steps)


def forget_hits() -> None:
    """Let this process look for words in the database again."""
    from wagtail_col.catalogue.search.columns import current
    from wagtail_col.catalogue.search.columns.hits import KeptHits

    object.__setattr__(current.table(), "hits", KeptHits())


def search_answer(backend: str, n: int) -> Row:
    """The same searches without the page around them: count, all counts, the first twenty."""
    from django.http import QueryDict

    from wagtail_col.catalogue.models import Territory
    from wagtail_col.catalogue.search import Query
    from wagtail_col.catalogue.search.answers import answer

    territory = Territory.objects.get(key=europe.TERRITORY)

    def ask(step: dict) -> None:
        forget_hits()
        query = Query.from_params(QueryDict(urlencode(step)), territory=territory)
        found = answer(query)
        if not (found.count and found.facets([]) and found.page(0, 20)):
            raise RuntimeError("nothing was found")

    return compare_each("search-answer", backend, n, ask, lambda _step: best_twenty(), _searches())


def search_json(backend: str, n: int) -> Row:
    """The same searches as a whole request for the open data: the first twenty, without counts."""
    client = Client(headers={"accept-language": "en"})
    url = reverse("col_catalogue:opportunities")

    def ask(step: dict) -> None:
        answered = client.get(url, {**step, "territory": str(europe.TERRITORY)})
        if answered.status_code != 200:
            raise RuntimeError(f"the search answered {answered.status_code}")

    return compare_each("search-json", backend, n, ask, lambda _step: best_twenty(), _searches())


def _searches() -> list[dict[str, str]]:
    """Each another one, by the age of who looks."""
    return [
        {"q": "guitar", "place": "local", "free": "1", "age": str(age)}
        for age in range(7, 7 + SEARCHES + 10)
    ]


def best_twenty() -> None:
    statement = (
        "SELECT rowid FROM col_catalogue_words WHERE col_catalogue_words MATCH 'guitar'"
        " ORDER BY bm25(col_catalogue_words) LIMIT 20"
        if connection.vendor == "sqlite"
        else "SELECT id FROM col_catalogue_listingtext"
        " WHERE words @@ to_tsquery('simple', 'guitar')"
        " ORDER BY ts_rank(words, to_tsquery('simple', 'guitar')) DESC LIMIT 20"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.fetchall()


def list_page(backend: str, n: int, address: str) -> Row:
    """Another page of the list with a filter. Floor: a Wagtail page with a heading."""
    return compare("list-page", backend, n, visit(f"{address}?free=1&page=2"), visit(empty_page()))
