from django.core.management.base import BaseCommand

from wagtail_col.badges.telling import tell, waiting


class Command(BaseCommand):
    help = (
        "Tells learners of badges whose e-mail could not be sent when they were given. Run it "
        "every few minutes."
    )

    def handle(self, *args, **options):
        sent = failed = 0
        for award_id in waiting():
            try:
                sent += tell(award_id)
            except Exception as error:  # The mail server's errors are of every kind.
                failed += 1
                self.stderr.write(f"An e-mail could not be sent: {error}")
        self.stdout.write(f"{sent} sent, {failed} failed.")
