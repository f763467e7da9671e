from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from wagtail_col.catalogue.importing import going_on, reporting
from wagtail_col.catalogue.importing.wholly import import_address
from wagtail_col.catalogue.models import ImportRun, ImportSource


class Command(BaseCommand):
    help = (
        "Imports every source that is repeated daily, ends imports that were interrupted, and "
        "deletes the files of those nobody started. Run it once a day. Ends as the worst of its "
        "imports does: 0, 1 (rows have faults) or 2 (one was refused)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        worst = reporting.OK
        for waiting in list(going_on.unfinished()):
            worst = max(worst, self._say(going_on.go_on(waiting.pk)))
        for source in ImportSource.objects.filter(is_daily=True).exclude(url=""):
            worst = max(worst, self._say(import_address(source)))
        going_on.forget()
        if worst:
            sys.exit(worst)

    def _say(self, run: ImportRun) -> int:
        self.stdout.write(f"{run.source}:")
        for line in reporting.lines(run):
            self.stdout.write(f"  {line}")
        return reporting.exit_code(run)
