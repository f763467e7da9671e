from django.core.management.base import BaseCommand

from wagtail_col.catalogue.alerts import telling


class Command(BaseCommand):
    help = (
        "Tells learners by e-mail what is new in the searches they saved, each at most once a "
        "week. Run it once a day."
    )

    def handle(self, *args, **options):
        sent = failed = 0
        for learner_id in telling.due():
            try:
                sent += telling.tell(learner_id)
            except Exception as error:  # The mail server's errors are of every kind.
                failed += 1
                self.stderr.write(f"An e-mail could not be sent: {error}")
        self.stdout.write(f"{sent} sent, {failed} failed.")
