from typing import Any

from django.core.management.base import BaseCommand

from wagtail_col.api.cleaning import clean


class Command(BaseCommand):
    help = "Takes out expired tokens, wallets that nobody uses, and answers that were kept."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{clean()} unused wallets taken out.")
