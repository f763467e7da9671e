from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from example_site.demo.loading import is_loaded, load
from example_site.demo.loading.family import guardians_link
from example_site.demo.loading.journeys import code_to_try
from example_site.demo.loading.languages import point_site_at
from example_site.demo.loading.people import ACCOUNTS, PASSWORD


class Command(BaseCommand):
    help = "Fill the example site with the Learning City of Madrid; what is there stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        if is_loaded():
            self.stdout.write("The demo's data is there already; nothing was changed.")
        else:
            self.stdout.write("Loading the Learning City of Madrid ...")
            start = monotonic()
            load(timezone.localdate())
            self.stdout.write(f"Done in {monotonic() - start:.0f} seconds.")
        point_site_at(settings.BASE_URL)
        self._say_how()

    def _say_how(self) -> None:
        lines = [
            "",
            f"  Site     {settings.BASE_URL}/",
            f"  Editor   {settings.BASE_URL}/admin/",
            "",
            f"  Accounts, each with the password {PASSWORD!r}:",
            *(f"    {a.username:8} {a.email:22} {a.what}" for a in ACCOUNTS),
            "",
            "  Log in with the e-mail address: with the password, or with a code.",
            "  E-mails, and the codes in them, appear below in this window.",
        ]
        if link := guardians_link():
            lines += ["", "  What the guardian of Leo and Zoe sees:", f"    {link}"]
        found = code_to_try()
        if found:
            title, code = found
            lines += ["", f"  A code to try, for a station of “{title}”: {code}"]
        self.stdout.write("\n".join([*lines, ""]))
