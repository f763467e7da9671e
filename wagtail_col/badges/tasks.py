"""Work that is done behind: telling learners of badges, giving badges to a list.

Who gives badges asks for this work, and the work gives badges: so it is looked up when it begins.
"""

from __future__ import annotations

from django_tasks import task


@task()
def tell_learners(award_ids: list[int]) -> int:
    """Send the e-mails about these awards. How many went out now."""
    from wagtail_col.badges.telling import tell_all

    return tell_all(award_ids)


@task()
def tell_invited(invitation_ids: list[int]) -> int:
    """Send the e-mails of these invitations. How many went out now."""
    from wagtail_col.badges.inviting import tell_all_invited

    return tell_all_invited(invitation_ids)


@task()
def give_list(list_id: int) -> int:
    """Give the badge to whoever waits in this list. How many lines were worked off now."""
    from wagtail_col.badges.award_lists import give_all

    return give_all(list_id)
