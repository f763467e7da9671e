"""What is told within badges, and to the floors above."""

from django.dispatch import Signal

#: A badge was given, inside the transaction that gives it. Keyword argument: ``award``
#: (models.Award, saved). A receiver that raises ``awarding.NotAwardable`` undoes its own work only.
awarded = Signal()

#: E-mails that could not be sent are sent again (``send_badge_emails``). A receiver returns what
#: sends one of its own, by primary key, and the keys of those that are due.
mail_waiting = Signal()
