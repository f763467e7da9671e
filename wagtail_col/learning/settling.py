"""Who has everything by a rule that was changed is done at once, and gets the badge."""

from __future__ import annotations

import logging

from django.conf import settings
from django.utils import translation

from wagtail_col.learning import journey
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import Enrolment, Playlist
from wagtail_col.learning.touching import done_but_not_settled

logger = logging.getLogger(__name__)


def settle_all(playlist: Playlist) -> int:
    """Settle everybody on a playlist who is done; how many there were. Doing it twice is harmless.

    Each learner is a transaction: one badge that cannot be given holds up nobody else.
    """
    if not playlist.is_published:
        return 0
    count = 0
    learners = list(done_but_not_settled(playlist))
    rows = Enrolment.objects.filter(playlist=playlist, learner__in=learners)
    for enrolment in rows.select_related("learner"):
        with translation.override(enrolment.language or settings.LANGUAGE_CODE):
            try:
                journey.settle(enrolment.learner, playlist)
            except Refused as refusal:
                # They have a button for it on the playlist's page.
                logger.warning("A learner of %s was not settled: %s", playlist.key, refusal.code)
                continue
        count += 1
    return count
