from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from wagtail_col.catalogue.models import CatalogueRevision
from wagtail_col.catalogue.search import texts
from wagtail_col.catalogue.vocabulary import relearn
from wagtail_col.catalogue.writing import refold


class Command(BaseCommand):
    help = (
        "Checks the index of words, or makes it anew while the site goes on. The database keeps it "
        "true by itself; this is for after a repair of the database, and for being sure."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["check", "rebuild"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        backend = texts.backend()
        if action == "check":
            if not backend.is_true(connection):
                raise CommandError(
                    "The index of words is not what the texts say. Make it anew with: "
                    "manage.py search_index rebuild"
                )
            self.stdout.write("The index of words is what the texts say.")
            return
        changed = refold()
        backend.install(connection)
        backend.rebuild(connection)
        relearn()
        # Every process keeps what words were found in as long as nothing has changed.
        CatalogueRevision.next()
        self.stdout.write(f"The index of words is made anew. Texts brought in line: {changed}")
