from django.core.management.base import BaseCommand

from wagtail_col.learning import reminders


class Command(BaseCommand):
    help = (
        "Sends reminders to learners who want them, of dates that begin within 36 hours, each "
        "once. Run it once a day, in the afternoon, or more often."
    )

    def handle(self, *args, **options):
        sent, failed = reminders.send_due()
        reminders.clean()
        self.stdout.write(f"{sent} sent, {failed} failed.")
