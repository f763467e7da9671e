"""The learner's pages with the demo's data, each beside an empty Wagtail page."""

from __future__ import annotations

from collections.abc import Callable

from tests.benchmarks.timing import Row, compare


def run(backend: str, only: str) -> list[Row]:
    """Rows of every job, or of the one named ``only``. Floor: a Wagtail page with a heading."""
    floor = visit(empty_page())
    n = listings()
    return [
        compare(job, backend, n, visit(url), floor)
        for job, url in addresses().items()
        if not only or job == only
    ]


def listings() -> int:
    from wagtail_col.catalogue.models import Listing

    return Listing.objects.published().count()


def empty_page(slug: str = "bench-empty", beside=None) -> str:
    """A page with a heading and nothing else: one level below the home page, or ``beside`` another
    page."""
    from example_site.home.models import HomePage, StandardPage

    home = HomePage.objects.filter(locale__language_code="en").first()
    page = StandardPage(title="Empty", slug=slug)
    parent = beside.get_parent() if beside else home
    parent.add_child(instance=page)
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
