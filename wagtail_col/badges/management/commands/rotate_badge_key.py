from django.core.management.base import BaseCommand, CommandError

from wagtail_col.badges import keys
from wagtail_col.badges.models import Issuer, KeyKind


class Command(BaseCommand):
    help = (
        "Makes new keys that sign badges from now on: one for badges as JSON and one for badges "
        "as tokens. The keys used until now stay published, so badges that were given keep "
        "verifying."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "issuer", nargs="?", default="", help="the issuer's short name; none: the site itself"
        )
        parser.add_argument(
            "--kind", choices=KeyKind.values, help="only the key of this kind; none: both"
        )

    def handle(self, *args, issuer: str, kind: str | None, **options):
        found = Issuer.objects.filter(slug=issuer).first()
        if found is None and issuer:
            raise CommandError(f"There is no issuer with the short name “{issuer}”.")
        found = found or keys.site_issuer()
        for each in [KeyKind(kind)] if kind else KeyKind:
            key = keys.rotate(found, kind=each)
            self.stdout.write(f"{found} now signs with {key.public_multibase} ({each.value}).")
