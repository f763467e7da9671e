"""What is told within badges, and to the floors above."""

from django.dispatch import Signal

#: A badge was given, inside the transaction that gives it. Keyword argument: ``award``
#: (models.Award, saved). A receiver that raises ``awarding.NotAwardable`` undoes its own work only.
awarded = Signal()
