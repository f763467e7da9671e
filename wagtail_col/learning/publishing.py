"""Playlists become records here and nowhere else: all of it or nothing, and idempotent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import nh3
from django.db import transaction
from django.utils import timezone

from wagtail_col.badges.models import Achievement
from wagtail_col.badges.outlines import set_outline
from wagtail_col.catalogue.models import CatalogueRevision, Listing, Territory
from wagtail_col.learning.facts import PlaylistFacts, StepFacts
from wagtail_col.learning.models import Playlist, Step, StepKind
from wagtail_col.learning.prerequisites import check_no_loop
from wagtail_col.learning.tasks import settle_later
from wagtail_col.learning.versions import keep_version
from wagtail_col.records import State


@transaction.atomic
def publish_playlist(facts: PlaylistFacts) -> Playlist:
    """Write a playlist and its steps. A step that is gone is withdrawn: completions stay."""
    facts.check()
    # Whoever publishes waits here for who publishes: nobody makes a loop of what two say at once.
    revision = CatalogueRevision.next()
    known = Playlist.objects.filter(key=facts.key).first()
    before = _before(known, facts)
    playlist, _created = Playlist.objects.update_or_create(
        key=facts.key,
        defaults={
            "state": State.PUBLISHED,
            "revision": revision,
            "territory": Territory.objects.filter(key=facts.territory).first(),
            "achievement": Achievement.objects.filter(key=facts.achievement).first(),
            "colour": facts.colour,
            "line_name": facts.line_name,
            "image": facts.image,
            "needed": facts.needed,
            "in_order": facts.in_order,
            "archived_at": _archived_at(known, facts),
        },
    )
    playlist.before.set(before)
    _show_place(playlist)
    playlist.texts.exclude(language__in=[text.language for text in facts.texts]).delete()
    for text in facts.texts:
        playlist.texts.update_or_create(
            language=text.language,
            defaults={
                "title": text.title,
                "summary": text.summary,
                "description": nh3.clean(text.description),
                "url": text.url,
            },
        )
    listings = dict(
        Listing.objects.filter(
            key__in=[step.listing for step in facts.steps if step.listing]
        ).values_list("key", "pk")
    )
    for position, step in enumerate(facts.steps):
        _publish_step(playlist, position, step, listings, revision)
    playlist.steps.published().exclude(key__in=[step.key for step in facts.steps]).update(
        state=State.WITHDRAWN, revision=revision
    )
    is_changed = keep_version(playlist)
    if is_changed and playlist.version > 1:
        settle_later(playlist.pk)
    if playlist.archived_at and not (known and known.archived_at):
        _settle_what_follows(playlist)
    return playlist


def _settle_what_follows(playlist: Playlist) -> None:
    """It stands in nobody's way from now on."""
    settle_later(*playlist.leads_to.values_list("pk", flat=True))


def _before(known: Playlist | None, facts: PlaylistFacts) -> list[Playlist]:
    """The playlists to finish first. Raises ValidationError when there is a loop among them."""
    before = list(Playlist.objects.filter(key__in=facts.before))
    check_no_loop(known, facts.texts[0].title, before)
    return before


def _archived_at(known: Playlist | None, facts: PlaylistFacts) -> datetime | None:
    """Since when nobody joins it: what was archived before keeps its day."""
    if not facts.is_archived:
        return None
    return (known.archived_at if known else None) or timezone.now()


def _show_place(playlist: Playlist) -> None:
    """The badge shows the outline of the first territory where it can be earned."""
    achievement, territory = playlist.achievement, playlist.territory
    if achievement and territory and territory.boundary and achievement.outline is None:
        set_outline(achievement, territory.boundary)


def _kind(facts: StepFacts) -> StepKind:
    if facts.course:
        return StepKind.COURSE
    return StepKind.LISTING if facts.listing else StepKind.LINK


def _publish_step(
    playlist: Playlist, position: int, facts: StepFacts, listings: dict[UUID, int], revision: int
) -> None:
    step, _created = Step.objects.update_or_create(
        key=facts.key,
        defaults={
            "state": State.PUBLISHED,
            "revision": revision,
            "playlist": playlist,
            "position": position,
            "kind": _kind(facts),
            "listing_id": listings.get(facts.listing),
            "link": facts.link,
            "course": facts.course,
            "pass_percent": facts.pass_percent,
            "minutes": facts.minutes,
            "is_required": facts.is_required,
            "choice": facts.choice,
        },
    )
    step.texts.exclude(language__in=facts.texts).delete()
    for language, (title, instruction) in facts.texts.items():
        step.texts.update_or_create(
            language=language, defaults={"title": title, "instruction": instruction}
        )


def withdraw_playlist(key: UUID) -> None:
    """Take a playlist out. Enrolments, completions and badges stay."""
    with transaction.atomic():
        playlist = Playlist.objects.published().filter(key=key).first()
        if playlist is None:
            return
        playlist.state, playlist.revision = State.WITHDRAWN, CatalogueRevision.next()
        playlist.save(update_fields=["state", "revision"])
        _settle_what_follows(playlist)
