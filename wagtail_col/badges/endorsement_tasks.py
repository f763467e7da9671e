"""E-mails about endorsements, as work for later."""

from __future__ import annotations

from django_tasks import task

from wagtail_col.badges import endorsement_mail


@task()
def ask_endorser(endorsement_id: int) -> bool:
    """Send a request for an endorsement. Whether it went out now."""
    return endorsement_mail.ask(endorsement_id)


@task()
def tell_asker(endorsement_id: int) -> bool:
    """Tell who asked that it was given. Whether that went out now."""
    return endorsement_mail.tell(endorsement_id)
