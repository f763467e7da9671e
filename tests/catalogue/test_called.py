"""Words that no text has, and what is called so all the same."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.catalogue import making
from tests.catalogue.reading import html, inside
from wagtail_col.catalogue.called import is_called
from wagtail_col.catalogue.models import InterestName, Provider
from wagtail_col.catalogue.publishing import withdraw_provider
from wagtail_col.catalogue.words import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(city):
    dance = making.interest("dance", en="Dance")
    InterestName.objects.create(interest=dance, language="es", name="Baile")
    spaces = making.provider("Equality Spaces")
    for number in range(3):
        making.listing(
            f"Salsa {number}",
            territory=inside(city),
            interests=("dance",),
            is_free=number == 0,
            kind="course",
        )
    making.listing("Talk", territory=inside(city), provider=spaces)
    return city


def ways(said: str) -> list[tuple[str, str]]:
    """What is offered, without the relaxations: its words, and where it is."""
    found = re.findall(r'<a class="col-chip" href="([^"]*)"><strong>(\d+)</strong> (.*?)</a>', said)
    return [(f"{n} {name}", href) for href, n, name in found if "without" not in name]


@pytest.mark.parametrize(
    ("typed", "offered", "href"),
    [
        ("dancing", "3 in Dance", "?interest=dance"),
        ("dance classes", "3 in Dance", "?interest=dance"),
        ("baile", "3 in Dance", "?interest=dance"),
        ("workshops", "1 in Workshop", "?kind=workshop"),
        ("equality spaces", "1 by Equality Spaces", "?provider="),
        ("equal", "1 by Equality Spaces", "?provider="),
    ],
)
def test_what_is_called_so_is_one_tap_away(client, offer, typed, offered, href):
    [(label, to)] = ways(html(client, f"{offer.url}?q={typed}"))
    assert label == offered
    assert to.startswith(href)
    assert f"{label.split()[0]} thing" in html(client, offer.url + to)


def test_other_filters_are_kept(client, offer):
    [(label, to)] = ways(html(client, f"{offer.url}?q=dancing&free=1"))
    assert (label, to) == ("1 in Dance", "?interest=dance&amp;free=1")
    assert ways(html(client, f"{offer.url}?q=dancing&free=1&kind=project")) == []


def test_nothing_is_offered_where_something_is_found(client, offer):
    assert ways(html(client, f"{offer.url}?q=salsa")) == []
    assert ways(html(client, f"{offer.url}?q=xylophone")) == []


def test_a_name_of_a_withdrawn_provider_is_not_told(client, offer):
    withdraw_provider(Provider.objects.get().key)
    assert ways(html(client, f"{offer.url}?q=equality")) == []


def test_names_are_looked_up_in_the_same_queries_for_one_and_many(client, offer):
    counted = []
    for number in (0, 10):
        for n in range(number):
            making.interest(f"dance-{n}", en=f"Dance {n}")
            making.listing(territory=inside(offer), interests=(f"dance-{n}",))
        with CaptureQueriesContext(connection) as queries:
            html(client, f"{offer.url}?q=dancing")
        counted.append(len(queries))
    assert counted[1] <= counted[0]


@pytest.mark.parametrize(
    ("typed", "name", "expected"),
    [
        ("dancing", "Dance", True),
        ("dan", "Dance", True),
        ("da", "Dance", False),
        ("music and dance", "Dance", True),
        ("Equality", "Equality Spaces", True),
        ("Equality workshop", "Equality Spaces", False),
        ("git", "Gitara", True),
        ("gitara", "Git", False),
        ("x", "", False),
    ],
)
def test_what_counts_as_called_so(typed, name, expected):
    assert is_called(words(typed), name) is expected
