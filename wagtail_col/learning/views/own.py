"""What every page of a learner's own has in common; the badges' own pages have the same."""

from wagtail_col.own import learners_own, never_kept

__all__ = ["learners_own", "never_kept"]
