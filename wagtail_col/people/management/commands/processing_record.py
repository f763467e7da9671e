from django.core.management.base import BaseCommand
from django.utils import translation

from wagtail_col.people import processing, walking


class Command(BaseCommand):
    help = (
        "Writes the record of processing activities and the retention table as Markdown, from what "
        "every installed app declares about people. With --undeclared it names models of any app "
        "that lead to an account and that nobody declared, and ends with 1 when there are some."
    )

    def add_arguments(self, parser):
        parser.add_argument("--language", help="the language to write in; the site's own without")
        parser.add_argument("--undeclared", action="store_true")

    def handle(self, *args, language=None, undeclared=False, **options):
        if undeclared:
            found = walking.undeclared_everywhere()
            for missing in found:
                self.stdout.write(str(missing))
            if found:
                raise SystemExit(1)
            return
        # Django switches translations off in some commands: the record is read by people.
        with translation.override(language or translation.get_language() or "en"):
            self.stdout.write(processing.markdown(), ending="")
