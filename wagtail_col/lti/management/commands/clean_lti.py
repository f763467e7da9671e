from django.core.management.base import BaseCommand

from wagtail_col.lti import cleaning


class Command(BaseCommand):
    help = (
        "Takes out launch tickets, used tokens and invitations that have expired, and entries of "
        "the launch log that are older than 30 days. Safe at any time; a site that is used does "
        "it by itself once an hour."
    )

    def handle(self, *args, **options):
        for what, number in cleaning.clean().items():
            self.stdout.write(f"{what}: {number}")
