"""What an import would do: counted and shown before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from django.utils import timezone

from wagtail_col.catalogue.facts import ListingFacts
from wagtail_col.catalogue.importing.refusing import Fault, ImportRefused
from wagtail_col.catalogue.importing.sifting import Batch, Sieve, Twin
from wagtail_col.catalogue.importing.spooling import Spool

#: So many faults and twins are kept to be shown; all are counted.
MOST_SHOWN = 1_000
#: When more than this part of what is there would go, somebody has to say so first.
MOST_GONE = 0.5
#: Fewer than these may go without a word while others stay.
FEW = 4


@dataclass
class Plan:
    """Numbers of rows, and of items that are no longer in the source (``gone``)."""

    total: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    faulty: int = 0
    doubles: int = 0
    gone: int = 0
    known: int = 0
    faults: list[Fault] = field(default_factory=list)
    count_faults: int = 0
    twins: list[Twin] = field(default_factory=list)
    count_twins: int = 0
    #: Of the twins those that are listings of this site; of what would be written what is over.
    own: int = 0
    over: int = 0
    seen_at: datetime = field(default_factory=timezone.now)

    @property
    def is_vanishing(self) -> bool:
        """Whether so much would go that it looks like a mistake: all there is, where that is more
        than one, is perhaps another file."""
        if self.gone == self.known:
            return self.gone > 1
        return self.gone >= FEW and self.gone > MOST_GONE * self.known


def plan(sieve: Sieve, spool: Spool | None = None) -> Plan:
    """Go through all of a table; nothing is written. Raises ImportRefused.

    ``spool`` takes what is to be written, so that nobody has to read the table again.
    """
    made = Plan(known=len(sieve.known))
    for read in sieve.reads():
        compared = sieve.compare(read)
        if spool is not None:
            spool.add(compared)
        _count(made, sieve.settle(compared))
        # Only one batch is in memory at a time.
        del read, compared
    if not made.total:
        raise ImportRefused("empty")
    made.gone = sieve.known.count_gone
    made.faults.sort(key=lambda fault: fault.row)
    return made


def _count(made: Plan, found: Batch) -> None:
    made.total += found.rows
    made.new += len(found.new)
    made.changed += len(found.changed)
    made.same += found.same
    made.faulty += found.faulty
    made.doubles += found.doubles
    made.count_faults += len(found.faults)
    made.count_twins += len(found.twins) + found.own
    made.own += found.own
    written = chain(found.new, found.changed)
    made.over += sum(is_over(one.facts, made.seen_at) for one in written)
    made.faults += found.faults[: MOST_SHOWN - len(made.faults)]
    made.twins += found.twins[: MOST_SHOWN - len(made.twins)]


def is_over(facts: ListingFacts, now: datetime) -> bool:
    """Whether all its dates lie behind us, so that nobody finds it."""
    return bool(facts.dates) and not any(
        # Most end later already by what they say, the last day left out.
        date.ends_at >= now or (date.all_day and date.in_full().ends_at >= now)
        for date in facts.dates
    )
