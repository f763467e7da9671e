from django.core.management.base import BaseCommand

from wagtail_col.badges import award_lists


class Command(BaseCommand):
    help = (
        "Goes on with lists of people to whom a badge is given and whose giving was interrupted, "
        "and deletes old lists. Run it every few minutes."
    )

    def handle(self, *args, **options):
        done = sum(award_lists.give_all(found.pk) for found in award_lists.unfinished())
        forgotten = award_lists.forget()
        self.stdout.write(f"{done} lines given, {forgotten} old lists deleted.")
