"""Lines, listings and learners for the tests of this floor, written as records."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.utils import timezone

from wagtail_col.badges.models import Achievement
from wagtail_col.catalogue.facts import Date, ListingFacts, Text
from wagtail_col.catalogue.models import Listing
from wagtail_col.catalogue.publishing import publish_listing
from wagtail_col.geo import Point
from wagtail_col.learning.facts import PlaylistFacts, StepFacts
from wagtail_col.learning.models import Playlist, Step
from wagtail_col.learning.publishing import publish_playlist


def listing(title: str = "Workshop", days: int | None = 3, **values) -> Listing:
    """A local listing that starts in ``days`` days; None: at any time."""
    dates = ()
    if days is not None:
        starts = timezone.now().replace(microsecond=0) + timedelta(days=days)
        dates = (Date(starts_at=starts, ends_at=starts + timedelta(hours=2)),)
    key = values.pop("key", None) or uuid.uuid4()
    if values.get("is_local", True):
        values.setdefault("point", Point(-4.0, 40.0))
    return publish_listing(
        ListingFacts(
            key=key,
            texts=(Text(language="en", title=title, url=f"/en/{key}/"),),
            kind="workshop",
            dates=dates,
            **values,
        )
    )


def online(title: str = "Online course", **values) -> Listing:
    return listing(title, None, is_online=True, is_local=False, **values)


def step(what: Listing | str, title: str = "", **values) -> StepFacts:
    """A step: a listing, or the address of a web page."""
    key = values.pop("key", None) or uuid.uuid4()
    if isinstance(what, Listing):
        return StepFacts(key=key, texts={"en": (title, "")}, listing=what.key, **values)
    return StepFacts(key=key, texts={"en": (title or what, "")}, link=what, **values)


def link(title: str = "Read", **values) -> StepFacts:
    return step(f"https://example.org/{title.lower()}", title, **values)


def course(what, title: str = "", **values) -> StepFacts:
    """A step that is an online course (``lti.Course``)."""
    key = values.pop("key", None) or uuid.uuid4()
    return StepFacts(key=key, texts={"en": (title, "")}, course=what.key, **values)


def line(*steps: StepFacts, title: str = "Line", achievement: Achievement | None = None, **values):
    """A published playlist; publish it again with ``key=``."""
    key = values.pop("key", None) or uuid.uuid4()
    return publish_playlist(
        PlaylistFacts(
            key=key,
            texts=(Text(language="en", title=title, url=f"/en/line-{key}/"),),
            steps=steps,
            achievement=achievement.key if achievement else None,
            **values,
        )
    )


def steps_of(playlist: Playlist) -> list[Step]:
    return list(playlist.steps.published())
