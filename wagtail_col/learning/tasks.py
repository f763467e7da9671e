"""Work that is done after an answer is given: telling the learner, and finishing playlists."""

from __future__ import annotations

from django.db import transaction
from django_tasks import task

from wagtail_col.learning import group_mail, waiver_mail
from wagtail_col.learning.models import Playlist
from wagtail_col.learning.settling import settle_all
from wagtail_col.learning.telling import tell


@task()
def tell_sent_back(submission_id: int) -> bool:
    """Send the e-mail about something that was sent back. Whether it went out now."""
    return tell(submission_id)


@task()
def tell_waiver(waiver_id: int) -> bool:
    """Send the e-mail about an organiser's answer. Whether it went out now."""
    return waiver_mail.tell(waiver_id)


@task()
def tell_invited_to_group(keys: list[str]) -> int:
    """Send the invitations into a group with these keys. How many went out now."""
    return group_mail.tell_all(keys)


@task()
def settle_playlist(playlist_id: int) -> int:
    """Give the badge to all who have everything since the rule was changed. How many are done."""
    playlist = Playlist.objects.filter(pk=playlist_id).first()
    return settle_all(playlist) if playlist else 0


def settle_later(*playlists: int) -> None:
    """``settle_playlist`` for each of these, when this transaction has ended."""
    for pk in playlists:
        # Robust: a queue that is down must not undo what was published.
        transaction.on_commit(lambda pk=pk: settle_playlist.enqueue(pk), robust=True)
