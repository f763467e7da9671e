from __future__ import annotations

import time
from argparse import ArgumentParser, BooleanOptionalAction
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wagtail_col.fetching import FetchRefused, fetch
from wagtail_col.lti import describing, log, registering, toolfiles
from wagtail_col.lti.models import Message, Outcome, RegistrationInvite, Tool

#: Seconds for a tool's registration page, which asks us back before it answers.
PAGE_SECONDS = 30


class Command(BaseCommand):
    help = "Connects course providers by LTI 1.3: registers, adds, lists, shows and approves them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

        register = actions.add_parser(
            "register", help="let a course provider register itself (Dynamic Registration)"
        )
        register.add_argument("url", help="the registration link that the provider gave")
        register.add_argument(
            "--wait", type=int, default=30, help="seconds to wait for it (default: 30)"
        )

        add = actions.add_parser("add", help="add or update course providers from a JSON file")
        add.add_argument("file", type=Path, help="the file; see the documentation of this command")

        actions.add_parser("list", help="list the course providers")

        show = actions.add_parser("show", help="show every value, for either side")
        show.add_argument("id", help="number, key, client id or name")

        approve = actions.add_parser(
            "approve",
            help="put a course provider into use; what it may learn of people has to be said",
        )
        approve.add_argument("id", help="number, key, client id or name")
        for option, what in (
            ("names", "see names of learners who agree"),
            ("emails", "see e-mail addresses of learners who agree"),
            ("grades", "report progress and scores"),
            ("rosters", "list the learners who agree"),
        ):
            approve.add_argument(f"--{option}", action=BooleanOptionalAction, help=f"may {what}")

        for action, what in (
            ("refuse", "do not use a course provider that waits"),
            ("suspend", "take a course provider out of use; “approve” brings it back"),
        ):
            parser = actions.add_parser(action, help=what)
            parser.add_argument("id", help="number, key, client id or name")

    def handle(self, *args, action: str, **options) -> None:
        getattr(self, action)(**options)

    def register(self, url: str, wait: int, **options) -> None:
        began = timezone.now()
        try:
            started = registering.start(url)
        except FetchRefused as refused:
            raise CommandError(f"{url}: {refused}") from refused
        came = ""
        try:
            fetch(started.url, accept=("text/html", "*/*"), seconds=PAGE_SECONDS)
        except FetchRefused as refused:
            came = str(refused)
        tool = self._registered(started.invite, 0 if came else wait)
        if tool is None:
            raise CommandError(self._why_not(began, came))
        self.stdout.write(f"{tool.name} has registered itself and waits for approval.")
        for line in registering.asks(tool):
            self.stdout.write(f"  It asks: {line}")
        self.stdout.write(f"Look at it:  manage.py lti_tool show {tool.pk}")
        self.stdout.write(f"Approve it:  manage.py lti_tool approve {tool.pk}")

    def _registered(self, invite: RegistrationInvite, wait: float) -> Tool | None:
        until = time.monotonic() + wait
        while True:
            invite.refresh_from_db()
            if invite.tool or time.monotonic() >= until:
                return invite.tool
            time.sleep(0.5)

    def _why_not(self, began, came: str) -> str:
        refused = log.entries().filter(
            message=Message.REGISTRATION, outcome=Outcome.REFUSED, at__gte=began
        )
        if entry := refused.first():
            what = f"{entry.field}: {entry.detail}"
            return f"It was refused: {log.says(entry)} ({what}) {log.mend(entry)}"
        if came:
            return f"The registration page cannot be opened: {came}"
        return (
            "The registration page was opened, but the course provider has not registered itself. "
            "It may want a person to look at the page first, or it cannot reach this site: do it "
            "in the admin, under “Add a course provider”."
        )

    def add(self, file: Path, **options) -> None:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            raise CommandError(f"{file}: {error}") from error
        try:
            with transaction.atomic():  # All of the file or nothing.
                results = [toolfiles.apply(values) for values in toolfiles.read(text)]
        except toolfiles.FileFault as fault:
            raise CommandError(f"{file}: {fault}") from fault
        for tool, done in results:
            self.stdout.write(f"{done}: {describing.line(tool)}")

    def list(self, **options) -> None:
        for tool in Tool.objects.all():
            self.stdout.write(describing.line(tool))

    def show(self, id: str, **options) -> None:  # noqa: A002
        tool = _find(id)
        for heading, values in describing.blocks(tool):
            self.stdout.write(self.style.MIGRATE_HEADING(heading))
            for name, value in values:
                self.stdout.write(f"  {name}: {value}")

    def approve(self, id: str, names, emails, grades, rosters, **options) -> None:  # noqa: A002
        tool = _find(id)
        try:
            registering.approve(tool, names=names, emails=emails, grades=grades, rosters=rosters)
        except registering.NotReady as error:
            raise CommandError(
                f"{tool.name} cannot be used yet, this is missing: {error}"
            ) from error
        may = [name.removeprefix("may_") for name in registering.PERMISSIONS if getattr(tool, name)]
        self.stdout.write(f"{tool.name} is in use, with: {', '.join(may) or 'no permissions'}.")

    def refuse(self, id: str, **options) -> None:  # noqa: A002
        tool = _find(id)
        registering.refuse(tool)
        self.stdout.write(f"{tool.name} is refused.")

    def suspend(self, id: str, **options) -> None:  # noqa: A002
        tool = _find(id)
        registering.suspend(tool)
        self.stdout.write(f"{tool.name} is suspended.")


def _find(said: str) -> Tool:
    which = Q(client_id=said) | Q(name=said)
    if said.isdecimal() and len(said) < 10:
        which |= Q(pk=said)
    with suppress(ValueError):
        which |= Q(key=UUID(said))
    found = list(Tool.objects.filter(which)[:2])
    if not found:
        raise CommandError(f"There is no course provider “{said}”. See: manage.py lti_tool list")
    if len(found) > 1:
        raise CommandError(f"“{said}” is more than one course provider: give the client id.")
    return found[0]
