"""What is told within badges, and to the floors above."""

from django.dispatch import Signal

#: A learner has one badge more, inside the transaction that gave it: given here, or brought from
#: elsewhere and verified. Keyword arguments: ``learner``, ``earned`` (models.Achievement or
#: models.ImportedBadge), ``language`` (the learner's).
badge_earned = Signal()
