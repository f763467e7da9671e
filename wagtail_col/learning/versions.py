"""The versions of a playlist's rule: written when it is published, read for who joined earlier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import F, Q

from wagtail_col.learning.models import Playlist, PlaylistVersion, Step, VersionStep
from wagtail_col.learning.prerequisites import before_of_versions
from wagtail_col.learning.rules import Rule, StepRule


def rule_of(playlist: Playlist, steps: Iterable[Step], before: Iterable[int] = ()) -> Rule:
    """The rule of a playlist in force, by primary key of its steps and the playlists before it."""
    return Rule(
        steps=tuple(StepRule(step.pk, step.is_required, step.choice) for step in steps),
        needed=playlist.needed,
        in_order=playlist.in_order,
        before=tuple(before),
        version=playlist.version,
    )


def keep_version(playlist: Playlist) -> bool:
    """Write the rule of a playlist down as its next version, if it is another one than before;
    whether it is.

    Call it where the playlist was written, in that transaction. Sets ``playlist.version``.
    """
    before = list(playlist.before.values_list("pk", flat=True))
    rule = rule_of(playlist, playlist.steps.published(), sorted(before))
    latest = playlist.versions.filter(number=playlist.version).first()
    if latest is not None and _written(latest) == rule:
        return False
    playlist.version += 1
    playlist.save(update_fields=["version"])
    version = playlist.versions.create(
        number=playlist.version, needed=playlist.needed, in_order=playlist.in_order
    )
    version.before.set(before)
    VersionStep.objects.bulk_create(
        VersionStep(
            version=version,
            step_id=step.key,
            position=position,
            is_required=step.required,
            choice=step.choice,
        )
        for position, step in enumerate(rule.steps)
    )
    return True


def earlier_rules(since: Mapping[int, int]) -> dict[int, tuple[Rule, ...]]:
    """Rules that held before the one in force, the latest first, by playlist.

    ``since`` maps a playlist to the number of the first version that is wanted. Three queries,
    none when nothing is wanted.
    """
    wanted = Q()
    for playlist, number in since.items():
        wanted |= Q(playlist=playlist, number__gte=number)
    found: dict[int, tuple[Rule, ...]] = defaultdict(tuple)
    if not wanted:
        return found
    versions = list(
        PlaylistVersion.objects.filter(wanted, number__lt=F("playlist__version")).order_by(
            "-number"
        )
    )
    if not versions:
        return found
    keys = [version.pk for version in versions]
    before = before_of_versions(keys)
    steps: dict[int, list[StepRule]] = defaultdict(list)
    for row in VersionStep.objects.filter(version__in=keys):
        steps[row.version_id].append(StepRule(row.step_id, row.is_required, row.choice))
    for version in versions:
        found[version.playlist_id] += (_rule(version, steps[version.pk], before[version.pk]),)
    return found


def _written(version: PlaylistVersion) -> Rule:
    steps = [StepRule(row.step_id, row.is_required, row.choice) for row in version.steps.all()]
    return _rule(version, steps, sorted(version.before.values_list("pk", flat=True)))


def _rule(version: PlaylistVersion, steps: Iterable[StepRule], before: Iterable[int]) -> Rule:
    return Rule(
        steps=tuple(steps),
        needed=version.needed,
        in_order=version.in_order,
        before=tuple(before),
        version=version.number,
    )
