"""What a playlist that is being written asks of a learner, in their words; and whom it touches.

Nothing of it has to be saved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from wagtail_col.learning import reading
from wagtail_col.learning.adding import add
from wagtail_col.learning.models import Playlist, Step, StepKind, StepText
from wagtail_col.learning.prerequisites import that_can_be_finished, titled
from wagtail_col.learning.rules import Rule, StepRule
from wagtail_col.learning.stops import stops_of
from wagtail_col.learning.touching import Touched, touched


@dataclass(frozen=True)
class Written:
    """A playlist as it stands in the form. ``steps`` are ``AbstractPlaylistStep`` in their order,
    ``before`` the playlists to finish first, ``problems`` what is wrong with it, in words."""

    steps: Sequence
    needed: int | None
    in_order: bool
    before: Sequence[Playlist]
    language: str
    problems: tuple[str, ...] = ()

    @classmethod
    def of_page(cls, page) -> Written:
        return cls(
            steps=list(page.steps.all()),
            needed=page.needed,
            in_order=page.in_order,
            before=list(page.before.all()),
            language=page.language,
        )


@dataclass(frozen=True)
class RuleReading:
    """``sentences`` of the rule; ``time`` and ``cost`` in words, empty where nothing is known;
    ``touched``: None for a playlist that is not published."""

    sentences: list[str]
    time: str
    cost: str
    touched: Touched | None
    problems: tuple[str, ...] = field(default=())


def read(written: Written, record: Playlist | None) -> RuleReading:
    """The rule of what is written. ``record``: of the page, if there is one. A constant number of
    queries."""
    steps = _steps(written)
    stops = stops_of(steps)
    before = that_can_be_finished([playlist.pk for playlist in written.before])
    rule = Rule(
        steps=tuple(StepRule(step.pk, step.is_required, step.choice) for step in steps),
        needed=written.needed,
        in_order=written.in_order,
        before=before,
        version="written",
    )
    titles = {pk: one.title for pk, one in titled(before).items()}
    closed = {stop.pk: stop.obstacle for stop in stops if not stop.is_open}
    is_out = record is not None and record.is_published
    return RuleReading(
        sentences=reading.sentences(rule, {stop.pk: stop.title for stop in stops}, titles),
        time=reading.time_in_words(add(rule, {stop.pk: stop.minutes or None for stop in stops})),
        cost=reading.cost_of(rule, {stop.pk: (stop.cost, stop.currency) for stop in stops}),
        touched=touched(record, rule, closed) if is_out else None,
        problems=written.problems,
    )


def read_page(page) -> RuleReading:
    """The rule of a page as it was saved."""
    return read(Written.of_page(page), record_of(page))


def record_of(page) -> Playlist | None:
    """The record of a page, where there is one."""
    return Playlist.objects.filter(key=page.record_key).first() if page.pk else None


def _steps(written: Written) -> list[Step]:
    """The steps as records. Those that are known keep their primary key, others have negative
    ones."""
    keys = [one.translation_key for one in written.steps]
    known = dict(Step.objects.filter(key__in=keys).values_list("key", "pk"))
    steps = []
    for number, one in enumerate(written.steps):
        step = Step(
            pk=known.get(one.translation_key, -1 - number),
            key=one.translation_key,
            position=number,
            kind=_kind(one),
            listing_id=one.listing_id,
            link=one.link,
            course=one.course,
            pass_percent=one.pass_percent,
            minutes=one.minutes,
            is_required=one.is_required,
            choice=one.choice,
        )
        text = StepText(language=written.language, title=one.title, instruction=one.instruction)
        step._prefetched_objects_cache = {"texts": [text]}
        steps.append(step)
    return steps


def _kind(step) -> StepKind:
    if step.course:
        return StepKind.COURSE
    return StepKind.LISTING if step.listing_id else StepKind.LINK
