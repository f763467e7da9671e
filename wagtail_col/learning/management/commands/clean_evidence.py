from django.core.management.base import BaseCommand

from wagtail_col.learning import submissions, telling, waiver_mail


class Command(BaseCommand):
    help = (
        "Deletes photos and files that learners sent in for badges, EVIDENCE_DAYS after somebody "
        "decided about them, and sends e-mails about answers that could not be sent. Run it once "
        "a day or more often."
    )

    def handle(self, *args, **options):
        removed = submissions.remove_old_files()
        sent = failed = 0
        news = [(telling.tell, submission) for submission in telling.waiting()]
        news += [(waiver_mail.tell, waiver) for waiver in waiver_mail.waiting()]
        for tell, waiting in news:
            try:
                sent += tell(waiting)
            except Exception as error:  # The mail server's errors are of every kind.
                failed += 1
                self.stderr.write(f"An e-mail could not be sent: {error}")
        self.stdout.write(f"{removed} files deleted, {sent} e-mails sent, {failed} failed.")
