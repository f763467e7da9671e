"""A long playlist for a learner who has done much, beside an empty page for the same learner."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from tests.benchmarks.timing import Row, compare

JOBS = ("page-playlist-50",)
STEPS = 50
#: Of the learner, on all playlists together.
COMPLETIONS = 500
#: Of them on the playlist that is opened.
DONE_HERE = 20


def run(backend: str, only: str) -> list[Row]:
    """The one job. Floor: a Wagtail page with a heading and nothing else at the same place of the
    tree, for the same learner."""
    from tests.benchmarks.pages import empty_page

    learner, page = long_way()
    client = Client(headers={"accept-language": "en"})
    client.force_login(learner)
    return [
        compare(
            JOBS[0],
            backend,
            COMPLETIONS,
            visit(client, page.url, says=f"Step {STEPS // 2}"),
            visit(client, empty_page("bench-empty-learner", beside=page), says="Empty"),
        )
    ]


def visit(client: Client, url: str, says: str) -> Callable[[], object]:
    def get() -> object:
        response = client.get(url)
        if response.status_code != 200 or says not in response.content.decode():
            raise RuntimeError(f"{url} answered {response.status_code} without {says!r}")
        return response

    return get


def long_way():
    """A learner with many completions, and the page of a playlist they are in the middle of."""
    from django.contrib.auth import get_user_model

    from wagtail_col.learning.models import Completion, Enrolment, Evidence, Playlist

    learner = get_user_model().objects.create_user("bench-learner")
    page = _page()
    opened = Playlist.objects.get(key=page.translation_key)
    left = COMPLETIONS
    for playlist, count in [(opened, DONE_HERE), *_others(COMPLETIONS - DONE_HERE)]:
        Enrolment.objects.create(learner=learner, playlist=playlist, version=playlist.version)
        steps = list(playlist.steps.published())[:count]
        Completion.objects.bulk_create(
            Completion(learner=learner, step=step, how=Evidence.SELF) for step in steps
        )
        left -= len(steps)
    if left:
        raise RuntimeError(f"{left} of {COMPLETIONS} completions are missing")
    return learner, page


def _page():
    """A published page in the demo's city: opportunities with dates, lessons, choices, extras."""
    from wagtail_col.badges.models import Achievement
    from wagtail_col.catalogue.models import Listing
    from wagtail_col.pages.standard.models import PlaylistPage, PlaylistStep, TerritoryPage

    city = TerritoryPage.objects.get(title="Madrid", locale__language_code="en")
    ahead = Listing.objects.published().filter(starts_at__gte=timezone.now() + timedelta(days=2))
    listings = list(ahead.order_by("pk")[: STEPS // 3])
    page = PlaylistPage(
        title="A long way",
        line_name="B50",
        achievement=Achievement.objects.filter(live=True).first(),
    )
    city.add_child(instance=page)
    rows = []
    for number in range(STEPS):
        values = {"title": f"Lesson {number}", "link": f"https://example.org/{number}"}
        if number % 3 == 0 and listings:
            values = {"listing": listings.pop()}
        if number % 10 == 4:
            values["is_required"] = False
        if number >= STEPS - 2:
            values["choice"] = 1
        rows.append(
            PlaylistStep(
                sort_order=number,
                locale=page.locale,
                minutes=30,
                instruction="Write down in a sentence what was new to you.",
                **values,
            )
        )
    page.steps = rows
    page.save()
    page.save_revision().publish()
    return PlaylistPage.objects.get(pk=page.pk)


def _others(count: int):
    """Other playlists, and how many steps of each are done."""
    from wagtail_col.catalogue.facts import Text
    from wagtail_col.learning.facts import PlaylistFacts, StepFacts
    from wagtail_col.learning.publishing import publish_playlist

    while count > 0:
        steps = tuple(
            StepFacts(
                key=uuid.uuid4(), texts={"en": (f"Step {n}", "")}, link="https://example.org/"
            )
            for n in range(min(STEPS, count))
        )
        facts = PlaylistFacts(
            key=uuid.uuid4(),
            texts=(Text(language="en", title=f"Way {count}", url="/"),),
            steps=steps,
        )
        yield publish_playlist(facts), len(steps)
        count -= len(steps)
