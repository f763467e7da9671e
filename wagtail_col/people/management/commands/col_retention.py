from django.core.management.base import BaseCommand, CommandError

from wagtail_col.people.retaining import clean_all


class Command(BaseCommand):
    help = (
        "Takes out everything that is older than it is kept, by what each table declares. Safe at "
        "any time; run it once a day. Ends with 1 when a part failed; the others are done then."
    )

    def handle(self, *args, **options):
        failed = 0
        for cleaned in clean_all():
            failed += cleaned.answer is None
            said = "failed" if cleaned.answer is None else cleaned.answer
            self.stdout.write(f"{cleaned.cleaner}: {said}")
        if failed:
            raise CommandError(f"{failed} failed.")
