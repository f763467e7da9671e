from django.core.management.base import BaseCommand, CommandError

from wagtail_col.badges import keys
from wagtail_col.badges.models import Issuer


class Command(BaseCommand):
    help = (
        "Makes a new key that signs badges from now on. The key used until now stays published, "
        "so badges that were given keep verifying."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "issuer", nargs="?", default="", help="the issuer's short name; none: the site itself"
        )

    def handle(self, *args, issuer: str, **options):
        found = Issuer.objects.filter(slug=issuer).first()
        if found is None and issuer:
            raise CommandError(f"There is no issuer with the short name “{issuer}”.")
        key = keys.rotate(found or keys.site_issuer())
        self.stdout.write(f"{found or keys.site_issuer()} now signs with {key.public_multibase}.")
