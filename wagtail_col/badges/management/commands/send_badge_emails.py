from collections.abc import Callable

from django.core.management.base import BaseCommand

from wagtail_col.badges import endorsement_mail, inviting, telling
from wagtail_col.badges.signals import mail_waiting


class Command(BaseCommand):
    help = (
        "Sends what could not be sent at once: the news to learners that they earned a badge, "
        "invitations to people without an account and into groups, and requests for "
        "endorsements. Run it every few minutes."
    )

    def handle(self, *args, **options):
        self.sent = self.failed = 0
        for award_id in telling.waiting():
            self.send(telling.tell, award_id)
        for invitation_id in inviting.waiting():
            self.send(inviting.tell_invited, invitation_id)
        for send, endorsement_id in endorsement_mail.waiting():
            self.send(send, endorsement_id)
        for _receiver, (send, ids) in mail_waiting.send(sender=type(self)):
            for waiting in ids:
                self.send(send, waiting)
        self.stdout.write(f"{self.sent} sent, {self.failed} failed.")

    def send(self, tell: Callable[[int], bool], waiting: int) -> None:
        try:
            self.sent += tell(waiting)
        except Exception as error:  # The mail server's errors are of every kind.
            self.failed += 1
            self.stderr.write(f"An e-mail could not be sent: {error}")
