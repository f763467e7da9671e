from django.core.management.base import BaseCommand

from wagtail_col.badges import earning
from wagtail_col.badges.models import Achievement


class Command(BaseCommand):
    help = (
        "Gives the badges that ask for other badges to everybody who has those already. Needed "
        "when such a badge was published while the task queue was down; safe at any time."
    )

    def handle(self, *args, **options):
        given = 0
        asking = Achievement.objects.filter(live=True, requirements__isnull=False).distinct()
        for achievement in asking.order_by("pk"):
            given += earning.award_earned(achievement)
        self.stdout.write(f"{given} badges given.")
