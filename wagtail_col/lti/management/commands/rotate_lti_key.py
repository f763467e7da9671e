from django.core.management.base import BaseCommand
from django.utils.timezone import localtime

from wagtail_col.lti import keys


class Command(BaseCommand):
    help = (
        "Makes a new key that signs messages to course providers. It is published now and signs "
        "a day later, so that providers that keep our keys for a while know it by then. The key "
        "used until now stays published for another 30 days."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--now",
            action="store_true",
            help="the new key signs at once: when the key used until now cannot be read",
        )
        parser.add_argument(
            "--leaked",
            action="store_true",
            help="the new key signs at once, and the keys used until now are forgotten: when "
            "somebody else may have them",
        )

    def handle(self, *args, now: bool, leaked: bool, **options):
        key = keys.rotate(at_once=now, leaked=leaked)
        moment = localtime(keys.signs_from(key)).strftime("%Y-%m-%d %H:%M")
        if leaked or now:
            self.stdout.write(f"{key.kid} signs from now on.")
        else:
            self.stdout.write(f"{key.kid} is published now and signs from {moment} on.")
