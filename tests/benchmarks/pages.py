"""The learner's pages with the demo's data, each beside an empty Wagtail page."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable

import django
from django.core.management import call_command
from django.db import connection


def run(backend: str, only: str) -> list[dict]:
    """Rows of every job, or of the one named ``only``."""
    from tests.benchmarks.timing import compare

    django.setup()
    with database(backend):
        with contextlib.redirect_stdout(io.StringIO()):
            call_command("migrate", verbosity=0)
            call_command("load_demo")
        floor = visit(empty_page())
        n = listings()
        return [
            compare(job, backend, n, visit(url), floor).as_dict()
            for job, url in addresses().items()
            if not only or job == only
        ]


@contextlib.contextmanager
def database(backend: str):
    """A fresh database: on SQLite the folder is new anyway, on PostgreSQL we make one."""
    if backend != "postgresql":
        yield
        return
    import psycopg

    name = connection.settings_dict["NAME"]
    with psycopg.connect("dbname=postgres", autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
    try:
        yield
    finally:
        connection.close()
        with psycopg.connect("dbname=postgres", autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def listings() -> int:
    from wagtail_col.catalogue.models import Listing

    return Listing.objects.published().count()


def empty_page() -> str:
    """A page with a heading and nothing else, one level below the home page."""
    from example_site.home.models import HomePage, StandardPage

    home = HomePage.objects.filter(locale__language_code="en").first()
    page = StandardPage(title="Empty", slug="bench-empty")
    home.add_child(instance=page)
    return page.url


def addresses() -> dict[str, str]:
    """Where each job goes; the second page with a filter stands for "the list"."""
    from django.urls import reverse

    from wagtail_col.badges.models import Award
    from wagtail_col.catalogue.models import Territory
    from wagtail_col.learning.models import Playlist
    from wagtail_col.pages.standard.models import OpportunityPage

    territory = (
        Territory.objects.published()
        .filter(parent=None, texts__name="Madrid", texts__language="en")
        .get()
    )
    place = text_url(territory.texts)
    opportunity = OpportunityPage.objects.live().filter(locale__language_code="en").first().url
    playlist = text_url(Playlist.objects.published().filter(territory=territory).first().texts)
    badge = reverse("col_badges:badge", args=[Award.objects.first().key])
    return {
        "page-territory": place,
        "page-list": f"{place}?free=1&page=2",
        "page-opportunity": opportunity,
        "page-playlist": playlist,
        "page-badge": badge,
    }


def text_url(texts) -> str:
    return texts.get(language="en").url


def visit(url: str) -> Callable[[], object]:
    """A whole request through every middleware, as a stranger."""
    from django.test import Client

    client = Client(headers={"accept-language": "en"})

    def get() -> object:
        response = client.get(url)
        if response.status_code != 200:
            raise RuntimeError(f"{url} answered {response.status_code}")
        return response

    return get
