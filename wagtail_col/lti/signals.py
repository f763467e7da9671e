"""What online courses tell the floors above."""

from django.dispatch import Signal

#: A tool has reported a learner's progress, inside the transaction that keeps it. Keyword
#: arguments: ``score`` (models.Score, saved after all have answered), ``result`` (models.Result,
#: up to date), ``resource_link`` (models.ResourceLink), ``user``. A receiver returns a short code
#: of what it meant ("completed", "progress", "done-before", "not-joined", "withdrawn", "no-step"),
#: which is kept with the score.
score_received = Signal()
