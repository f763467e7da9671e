"""A file is read and checked once; and read again when somebody else was there in between."""

import pytest

from tests.catalogue.importing import making
from wagtail_col.catalogue.importing import checking, running
from wagtail_col.catalogue.importing.matching import Seen
from wagtail_col.catalogue.importing.spooling import Spool
from wagtail_col.catalogue.importing.wholly import import_file
from wagtail_col.catalogue.models import ImportedItem, ImportTwin, Listing, RunState

pytestmark = pytest.mark.django_db


def table(numbers, **values):
    return making.file(making.table(making.row(number, **values) for number in numbers))


def test_each_row_is_checked_once(monkeypatch):
    checked = []
    check = checking.Checker.check

    def counting(self, key, number, cells):
        checked.append(number)
        return check(self, key, number, cells)

    monkeypatch.setattr(checking.Checker, "check", counting)
    source = making.source()
    import_file(source, table(range(8)), name="a.csv")
    assert checked == list(range(2, 10))
    checked.clear()
    # And not at all when it says what it said before.
    run = import_file(source, table(range(8)), name="a.csv")
    assert (checked, run.same) == ([], 8)


def test_what_another_import_wrote_in_between_counts():
    source = making.source()
    import_file(source, table(range(6)), name="a.csv")
    with Spool(source) as spool:
        run, found = running.look(
            source, table(range(3, 9)), name="b.csv", is_kept=False, spool=spool
        )
        run.save()
        assert (run.found["new"], run.found["same"]) == (3, 3)
        # Takes out what the first would leave, and brings some of what it would bring.
        import_file(source, table(range(5, 8)), name="c.csv", may_vanish=True)
        running.start(run)
        assert not spool.is_true_for(run)
        running.Writer(run, found, spool).write()
    run.refresh_from_db()
    assert (run.state, run.new, run.same, run.withdrawn) == (RunState.DONE, 3, 3, 0)
    names = set(Listing.objects.published().values_list("source_id", flat=True))
    assert names == {f"n-{number}" for number in range(3, 9)}
    assert ImportedItem.objects.count() == 6


def test_one_that_was_started_earlier_and_goes_on_in_between_counts():
    source = making.source()
    older, older_table = running.look(source, table(range(6)), name="a.csv")
    running.start(older)
    with Spool(source) as spool:
        run, found = running.look(
            source, table(range(3, 9)), name="b.csv", is_kept=False, spool=spool
        )
        run.save()
        running.Writer(older, older_table).write()
        running.start(run)
        assert not spool.is_true_for(run)
        running.Writer(run, found, spool).write()
    names = set(Listing.objects.published().values_list("source_id", flat=True))
    assert names == {f"n-{number}" for number in range(3, 9)}


def test_the_same_under_another_number_is_left_out_wherever_it_stands(monkeypatch):
    """In one portion, in a later one, and from a source that was there before."""
    monkeypatch.setattr("wagtail_col.catalogue.importing.sifting.BATCH", 3)
    rows = [making.row(number) for number in range(9)]
    rows += [making.row(0, id="again-0"), making.row(8, id="again-8")]
    source = making.source()
    run = import_file(source, making.file(making.table(rows)), name="a.csv")
    assert (run.new, run.twins) == (9, 2)
    other = making.source(name="Other")
    run = import_file(other, table([4, 20]), name="b.csv")
    assert (run.new, run.twins) == (1, 1)
    assert ImportTwin.objects.get(source=other).listing.source_id == "n-4"


def test_numbers_that_were_seen(monkeypatch):
    monkeypatch.setattr(Seen, "RECENT", 4)
    seen = Seen()
    assert seen.add_all([1, -5, 1, 2**63 - 1]) == [True, True, False, True]
    assert seen.add_all([7, -5, 8, 7, 9]) == [True, False, True, False, True]
    assert not seen.add(2**63 - 1)
    assert seen.add(-(2**63))
    assert seen.add_all([]) == []


def test_what_got_another_number_stays():
    """It is the same as one that goes: so it is not left out, and then gone."""
    source = making.source()
    import_file(source, table(range(6)), name="a.csv")
    rows = [making.row(number) for number in range(5)] + [making.row(5, id="renamed")]
    run = import_file(source, making.file(making.table(rows)), name="b.csv")
    assert (run.new, run.same, run.withdrawn, run.twins) == (1, 5, 1, 0)
    assert Listing.objects.published().filter(source_id="renamed").exists()


def test_what_is_published_in_between_counts():
    source, other = making.source(), making.source(name="Other")
    with Spool(source) as spool:
        run, found = running.look(source, table(range(4)), name="a.csv", is_kept=False, spool=spool)
        run.save()
        import_file(other, table([2]), name="b.csv")
        running.start(run)
        assert not spool.is_true_for(run)
        running.Writer(run, found, spool).write()
    run.refresh_from_db()
    assert (run.new, run.twins) == (3, 1)


@pytest.mark.parametrize("few", [0, 100])
def test_twins_are_found_for_few_rows_and_for_many(monkeypatch, few):
    monkeypatch.setattr("wagtail_col.catalogue.importing.twins.FEW", few)
    import_file(making.source(), table(range(4)), name="a.csv")
    timeless = making.row(9, start="", time="", **{"end time": ""})
    import_file(making.source(name="B"), making.file(making.table([timeless])), name="b.csv")
    rows = [making.row(number) for number in (2, 3, 7)] + [timeless]
    run = import_file(making.source(name="C"), making.file(making.table(rows)), name="c.csv")
    assert (run.new, run.twins) == (1, 3)
