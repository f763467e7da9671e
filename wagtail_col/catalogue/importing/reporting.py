"""What came of an import, in lines of text: for commands and logs."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_col.catalogue.importing.refusing import Fault, says
from wagtail_col.catalogue.models import ImportRun, ImportSource, RunState

#: How commands end.
OK, FAULTY, REFUSED = 0, 1, 2


def named(source: ImportSource) -> str:
    """Which source a file is of, before it is looked at."""
    if source.pk is None:
        return _("Source: %(source)s (new)") % {"source": source}
    return _("Source: %(source)s (known)") % {"source": source}


def nothing_kept() -> str:
    return _("What was said of the source is not kept: that happens when its import begins.")


def lines(run: ImportRun) -> Iterator[str]:
    """The report, faults first."""
    for fault in faults(run):
        yield in_words(fault, has_rows(run))
    more = run.found.get("faults", 0) - len(run.faults)
    if more > 0:
        yield _("… and %(count)s more faults.") % {"count": more}
    if run.refusal:
        yield says(run.refusal, run.refusal_values)
        return
    numbers = {"total": run.total, "doubles": 0, **run.found}
    if run.state == RunState.CHECKED:
        yield (
            _(
                "%(total)s rows: %(new)s new, %(changed)s changed, %(same)s as before, "
                "%(faulty)s with faults, %(doubles)s a second time, %(twins)s there already, "
                "%(gone)s no longer in the source. Nothing was changed."
            )
            % numbers
        )
        yield from _besides(run)
        return
    written = {
        name: getattr(run, name)
        for name in ("new", "changed", "same", "faulty", "doubles", "twins", "withdrawn")
    }
    yield _(
        "%(total)s rows: %(new)s new, %(changed)s changed, %(same)s as before, %(withdrawn)s "
        "withdrawn. Left out: %(faulty)s with faults, %(doubles)s a second time, %(twins)s there "
        "already."
    ) % {"total": run.total, **written}
    yield from _besides(run)


def _besides(run: ImportRun) -> Iterator[str]:
    """What the numbers alone do not say."""
    if over := run.found.get("over"):
        yield ngettext(
            "%(count)s of the new and changed ones is over already and will not be found.",
            "%(count)s of the new and changed ones are over already and will not be found.",
            over,
        ) % {"count": over}
    if own := run.found.get("own"):
        yield ngettext(
            "%(count)s of those that are there already is from this very site.",
            "%(count)s of those that are there already are from this very site.",
            own,
        ) % {"count": own}


def faults(run: ImportRun) -> list[Fault]:
    return [Fault(**said) for said in run.faults]


def has_rows(run: ImportRun) -> bool:
    """A calendar or a web page has items, which nobody can count the rows of."""
    return run.found.get("format", "table") == "table"


def in_words(fault: Fault, is_row: bool = True) -> str:
    """“Row 7, Price: “abc” is not a price.”"""
    said = {"row": fault.row, "column": fault.column, "fault": fault}
    if not is_row:
        if fault.column:
            return _("Item %(row)s, %(column)s: %(fault)s") % said
        return _("Item %(row)s: %(fault)s") % said
    if fault.column:
        return _("Row %(row)s, %(column)s: %(fault)s") % said
    return _("Row %(row)s: %(fault)s") % said


def exit_code(run: ImportRun) -> int:
    """0: all of it is there; 1: some rows have faults; 2: refused."""
    if run.refusal:
        return REFUSED
    return FAULTY if run.left_out else OK
