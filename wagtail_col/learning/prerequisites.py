"""Playlists that ask for other playlists first: which of them stand in the way, and loops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from wagtail_col.badges.requirements import find_loop
from wagtail_col.learning.models import Playlist, PlaylistText, PlaylistVersion, Step
from wagtail_col.records import best_text

_ASKS = Playlist.before.through
_ASKED = PlaylistVersion.before.through


@dataclass(frozen=True)
class Before:
    """A playlist to finish first, as a learner reads it. ``url`` may be empty."""

    pk: int
    title: str
    url: str
    language: str


def before_of(playlists: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The playlists to finish before each of these; only such as can be finished. One query."""
    rows = _ASKS.objects.filter(
        from_playlist__in=playlists, to_playlist__in=_that_can_be_finished()
    ).order_by("pk")
    return _grouped(rows.values_list("from_playlist_id", "to_playlist_id"))


def before_of_versions(versions: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The same for earlier versions of playlists, by their primary keys. One query."""
    rows = _ASKED.objects.filter(
        playlistversion__in=versions, playlist__in=_that_can_be_finished()
    ).order_by("pk")
    return _grouped(rows.values_list("playlistversion_id", "playlist_id"))


def that_can_be_finished(playlists: Collection[int]) -> tuple[int, ...]:
    """Those of these playlists that stand in the way until they are finished. One query."""
    found = _that_can_be_finished().filter(pk__in=playlists).order_by("pk")
    return tuple(found.values_list("pk", flat=True))


def titled(playlists: Collection[int]) -> dict[int, Before]:
    """How these playlists are called and where they are. One query, none for none."""
    if not playlists:
        return {}
    texts: dict[int, list[PlaylistText]] = defaultdict(list)
    for text in PlaylistText.objects.filter(playlist__in=playlists).defer("description"):
        texts[text.playlist_id].append(text)
    found = {pk: best_text(texts[pk]) for pk in playlists}
    return {
        pk: Before(pk, text.title, text.url, text.language) for pk, text in found.items() if text
    }


def check_no_loop(playlist: Playlist | None, title: str, before: Collection[Playlist]) -> None:
    """Raise ValidationError, with the loop named, when a playlist that asks for ``before`` would
    in the end ask for itself. ``playlist``: None for one that is not published yet."""
    if playlist is None:
        return
    needs = defaultdict(list)
    others = _ASKS.objects.exclude(from_playlist=playlist)
    for asking, asked in others.values_list("from_playlist_id", "to_playlist_id"):
        needs[asking].append(asked)
    needs[playlist.pk] = [other.pk for other in before]
    loop = find_loop(playlist.pk, needs)
    if not loop:
        return
    names = {pk: other.title for pk, other in titled(loop).items()} | {playlist.pk: title}
    if len(loop) == 1:
        raise ValidationError({"before": _("A playlist cannot come before itself.")})
    said = " → ".join(f"“{names.get(pk, pk)}”" for pk in [*loop, loop[0]])
    raise ValidationError(
        {
            "before": _("Nobody could finish these playlists, they ask for each other: %(loop)s.")
            % {"loop": said}
        }
    )


def _that_can_be_finished():
    """Published, open to who is new, and with a step: what nobody can finish stands in nobody's
    way."""
    steps = Step.objects.published().filter(playlist=OuterRef("pk"))
    return Playlist.objects.published().filter(Exists(steps), archived_at=None)


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = defaultdict(tuple)
    for one, other in pairs:
        found[one] += (other,)
    return found
