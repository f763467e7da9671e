"""The table of rule cases: read from its file, and written for the documentation.

``python -m tests.learning.rule_cases`` writes ``docs/reference/playlist-rules.md`` anew.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from wagtail_col.learning.rules import (
    Obstacle,
    Progress,
    Rule,
    StepRule,
    StepState,
    Why,
    suiting,
    with_extras,
)

CASES = Path(__file__).with_name("rule_cases.toml")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "playlist-rules.md"
BEGIN, END = "<!-- cases -->", "<!-- end of cases -->"
LATER = datetime(2030, 5, 4, 10, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One line of the table; the fields are those of the file."""

    says: str
    line: str
    missing: int
    needed: int | None = None
    in_order: bool = False
    first: str = ""
    done: str = ""
    finished: str = ""
    closed: str = ""
    earlier: str = ""
    earlier_needed: int | None = None
    next: str | None = None
    blocked: str = ""
    ways: str = ""
    holds: str = "current"
    complete: bool | None = field(default=None)

    @property
    def is_complete(self) -> bool:
        return self.missing == 0 if self.complete is None else self.complete

    @property
    def progress(self) -> Progress:
        """What the rules say."""
        current = Rule(
            steps(self.line), self.needed, self.in_order, tuple(self.first.split()), "current"
        )
        rules, closed = [current], closed_steps(self.closed)
        if self.earlier:
            earlier = Rule(steps(self.earlier), self.earlier_needed, version="earlier")
            known = {step.key for step in current.steps}
            gone = {step.key for step in earlier.steps} - known
            closed |= dict.fromkeys(gone, Obstacle(Why.TAKEN_OUT))
            rules.append(with_extras(earlier, current))
        return suiting(rules, self.done.split(), closed, self.finished.split())


def cases() -> list[Case]:
    """All cases of the file."""
    return [Case(**values) for values in tomllib.loads(CASES.read_text())["case"]]


def steps(line: str) -> tuple[StepRule, ...]:
    """The steps of ``a b? c|d``."""
    found = []
    for number, station in enumerate(line.split()):
        members = station.split("|")
        for member in members:
            choice = number if len(members) > 1 else None
            found.append(StepRule(member.rstrip("?"), not member.endswith("?"), choice))
    return tuple(found)


def closed_steps(said: str) -> dict[str, Obstacle]:
    """The obstacles of ``a past, b not-now later``."""
    found = {}
    for part in filter(None, said.split(", ")):
        key, why, *more = part.split()
        found[key] = Obstacle(
            Why(why),
            next_at=LATER if "later" in more else None,
            equal=("other",) if "equal" in more else (),
        )
    return found


def blocked_in_words(progress: Progress) -> str:
    return ", ".join(
        f"{step.key} {progress.blocks[step.key].why}"
        for step in progress.rule.steps
        if step.key in progress.blocks
    )


def ways_in_words(progress: Progress) -> str:
    return ", ".join(f"{way.kind} {way.key}" for way in progress.ways)


def states_agree(progress: Progress) -> bool:
    """Whether each step's own state says what ``done``, ``next`` and ``blocks`` say."""
    for step in progress.rule.steps:
        state = progress.state(step.key)
        if (state is StepState.DONE) != (step.key in progress.done):
            return False
        if state is StepState.OPEN and step.key in progress.blocks:
            return False
    return True


def table() -> str:
    """The cases as a table in Markdown."""
    head = "| | The line | Behind the learner | Cannot be done | Then |\n|---|---|---|---|---|"
    return "\n".join([head, *(_row(number, case) for number, case in enumerate(cases(), 1))])


def _row(number: int, case: Case) -> str:
    rule = [f"`{_shown(case.line)}`" if case.line else "no steps"]
    if case.needed:
        rule.append(f"{case.needed} of them")
    if case.in_order:
        rule.append("one after another")
    if case.first:
        rule.append(f"first {case.first.replace(' ', ' and ')}")
    if case.earlier:
        earlier = f"before: `{_shown(case.earlier)}`"
        rule.append(f"{earlier}, {case.earlier_needed} of them" if case.earlier_needed else earlier)
    behind = [part.replace(" ", ", ") for part in (case.done, case.finished) if part]
    then = ["complete" if case.is_complete else f"{case.missing} missing"]
    if case.next:
        then.append(f"next {case.next}")
    if case.blocked:
        then.append(f"blocked: {case.blocked}")
    if case.ways:
        then.append(f"ways: {case.ways}")
    if case.earlier:
        then.append(f"the {case.holds} rule holds")
    cells = (
        f"{number}. {case.says}",
        ", ".join(rule),
        ", ".join(behind) or "nothing",
        case.closed,
        "; ".join(then),
    )
    return "| " + " | ".join(cells) + " |"


def _shown(line: str) -> str:
    return line.replace("|", " or ").replace(" ", "  ").replace("  or  ", " or ")


def page_with(cases_: str, page: str) -> str:
    """The documentation's page with this table in its place."""
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n\n{cases_}\n\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(page_with(table(), PAGE.read_text()))
