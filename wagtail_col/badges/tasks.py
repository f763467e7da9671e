"""Work that is done after a badge is given: telling the learner."""

from __future__ import annotations

from django_tasks import task

from wagtail_col.badges.telling import tell


@task()
def tell_learner(award_id: int) -> bool:
    """Send the e-mail about an award. Whether it went out now."""
    return tell(award_id)
