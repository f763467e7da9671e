"""Work that is done after a badge is given: telling the learner."""

from __future__ import annotations

from django_tasks import task

from wagtail_col.badges import telling


@task()
def tell_learners(award_ids: list[int]) -> int:
    """Send the e-mails about these awards. How many went out now."""
    return telling.tell_all(award_ids)
