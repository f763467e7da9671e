from django.core.management.base import BaseCommand

from wagtail_col.badges import skills


class Command(BaseCommand):
    help = (
        "Loads the skills that badges may name: ESCO's transversal skills, DigComp and LifeComp. "
        "Skills that are there already stay as they are."
    )

    def handle(self, *args, **options):
        new = skills.load()
        self.stdout.write(f"{new} new skills.")
