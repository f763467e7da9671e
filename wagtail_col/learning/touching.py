"""Whom the rule of a playlist touches, of all who are under way on it: who is done by it, and who
goes on by a rule of before. Nobody is named.

Learners who have done the same, by the same versions, are looked at once; a constant number of
queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

from wagtail_col.learning.models import Completion, Enrolment, Playlist
from wagtail_col.learning.prerequisites import before_of
from wagtail_col.learning.rules import Obstacle, Rule
from wagtail_col.learning.standing import Standing, progress_by
from wagtail_col.learning.versions import earlier_rules, rule_of

#: So many different standings are looked at, those of most learners first: it stays quick.
MOST_STANDINGS = 1000


@dataclass(frozen=True)
class Touched:
    """How many are under way, and what becomes of them by a rule that is not published yet.

    ``done``: have everything by it, and had not before. ``keep``: go on by an earlier rule that
    asks less of them. ``looked_at``: of those under way; fewer where there are very many.
    """

    under_way: int
    looked_at: int
    done: int
    keep: int
    finished: int
    is_changed: bool

    @property
    def go_by_it(self) -> int:
        """Go on by the new rule."""
        return self.looked_at - self.done - self.keep


@dataclass(frozen=True)
class _Alike:
    """What those have in common who are looked at together."""

    version: int
    done: frozenset[int]
    finished: frozenset[int]


def rule_in_force(playlist: Playlist) -> Rule:
    """The rule of a playlist as it is published. Two queries."""
    return rule_of(playlist, playlist.steps.published(), before_of([playlist.pk])[playlist.pk])


def touched(
    playlist: Playlist, rule: Rule, closed: Mapping[Hashable, Obstacle] | None = None
) -> Touched:
    """Whom ``rule`` would touch in place of the one in force. Steps that are not published yet
    may have any keys that are not those of others."""
    current = rule_in_force(playlist)
    is_changed = rule != current
    people, earlier = _under_way(playlist, (*current.before, *rule.before))
    looked_at = done = keep = 0
    for alike, learners in sorted(people.items(), key=lambda item: -len(item[1]))[:MOST_STANDINGS]:
        number = len(learners)
        looked_at += number
        if not is_changed:
            continue
        known = tuple(one for one in earlier if one.version >= alike.version)
        before = progress_by(current, _standing(alike, known), closed)
        after = progress_by(rule, _standing(alike, (current, *known)), closed)
        if after.is_complete:
            done += 0 if before.is_complete else number
            keep += number if before.is_complete else 0
        elif after.rule.version != rule.version:
            keep += number
    return Touched(
        under_way=sum(map(len, people.values())),
        looked_at=looked_at,
        done=done,
        keep=keep,
        finished=playlist.enrolments.filter(completed_at__isnull=False).count(),
        is_changed=is_changed,
    )


def done_but_not_settled(playlist: Playlist) -> Iterator[int]:
    """Primary keys of the learners who have everything by the rule that suits them, and of whom
    that is not written down yet."""
    current = rule_in_force(playlist)
    people, earlier = _under_way(playlist, current.before)
    for alike, learners in people.items():
        known = tuple(one for one in earlier if one.version >= alike.version)
        if progress_by(current, _standing(alike, known)).is_complete:
            yield from learners


def _standing(alike: _Alike, earlier: tuple[Rule, ...]) -> Standing:
    return Standing(completions=dict.fromkeys(alike.done), earlier=earlier, finished=alike.finished)


def _under_way(
    playlist: Playlist, before: tuple[Hashable, ...]
) -> tuple[dict[_Alike, list[int]], tuple[Rule, ...]]:
    """Who is under way, those who stand alike together, and the rules before the one in force."""
    on = Enrolment.objects.filter(playlist=playlist, completed_at=None)
    versions = dict(on.values_list("learner", "version"))
    if not versions:
        return {}, ()
    earlier = earlier_rules({playlist.pk: min(versions.values())})[playlist.pk]
    first = {key for rule in earlier for key in rule.before} | set(before)
    done = _grouped(
        Completion.objects.filter(
            step__playlist=playlist, learner__in=on.values("learner")
        ).values_list("learner", "step")
    )
    finished = _grouped(
        Enrolment.objects.filter(
            playlist__in=first, completed_at__isnull=False, learner__in=on.values("learner")
        ).values_list("learner", "playlist")
    )
    people: dict[_Alike, list[int]] = defaultdict(list)
    for learner, version in versions.items():
        alike = _Alike(version, frozenset(done[learner]), frozenset(finished[learner]))
        people[alike].append(learner)
    return people, earlier


def _grouped(pairs) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        found[one].add(other)
    return found
