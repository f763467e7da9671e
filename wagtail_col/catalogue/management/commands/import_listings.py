from __future__ import annotations

import codecs
import contextlib
import sys
from argparse import ArgumentParser, ArgumentTypeError, BooleanOptionalAction
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from wagtail_col.catalogue.importing import origins, reporting
from wagtail_col.catalogue.importing.mapping import FIELDS
from wagtail_col.catalogue.importing.sniffing import TOO_MANY_BYTES
from wagtail_col.catalogue.importing.wholly import import_address, import_file
from wagtail_col.catalogue.models import ImportRun, ImportSource, Kind, Provider, Territory


def _encoding(said: str) -> str:
    try:
        return codecs.lookup(said).name
    except LookupError as error:
        raise ArgumentTypeError(f"there is no encoding “{said}”") from error


class Command(BaseCommand):
    help = (
        "Imports opportunities from a file or an address. Run again, only what changed is written, "
        "and what is no longer there is withdrawn. Ends with 0 when all of it is there, 1 when "
        "rows have faults, 2 when it was refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", metavar="FILE|URL")
        parser.add_argument(
            "--source",
            help="name or key of the source; left out, the one with that address, or of files of "
            "that name; else a new one",
        )
        parser.add_argument("--check", action="store_true", help="look only, write nothing")
        parser.add_argument(
            "--good-rows", action="store_true", help="import the rows without faults"
        )
        parser.add_argument(
            "--withdraw-many",
            action="store_true",
            help="also when all or more than half of what is there is no longer in the source",
        )
        parser.add_argument("--large", action="store_true", help="a file of 50 MB or more is fine")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=FACT",
            help=f"what a column is, or nothing to leave it out: {', '.join(FIELDS)}",
        )
        parser.add_argument("--provider", help="name or key of the provider of all of it")
        parser.add_argument("--territory", help="name or key of the territory of all of it")
        parser.add_argument("--kind", choices=Kind.values)
        parser.add_argument("--language", help="language of the texts")
        parser.add_argument("--attribution", help="whom to name as the source")
        parser.add_argument(
            "--daily",
            action=BooleanOptionalAction,
            help="let import_scheduled repeat it, leaving out faulty rows if --good-rows says so",
        )
        parser.add_argument("--encoding", type=_encoding, help="when the letters come out wrong")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        is_url = "://" in what
        source = self._source(what, is_url, options)
        said = self._said(source, what, is_url, options)
        for field, value in said.items():
            setattr(source, field, value)
        is_new = source.pk is None
        self.stdout.write(reporting.named(source))
        run = self._run(source, what, is_url, options, said)
        for line in reporting.lines(run):
            self.stdout.write(line)
        if run.started_at is None and not options["check"] and (is_new or said):
            self.stdout.write(reporting.nothing_kept())
        if code := reporting.exit_code(run):
            sys.exit(code)

    def _run(
        self,
        source: ImportSource,
        what: str,
        is_url: bool,
        options: dict[str, Any],
        said: dict[str, Any],
    ) -> ImportRun:
        how = {
            "said": list(said),
            "only_look": options["check"],
            "without_faults": options["good_rows"],
            "may_vanish": options["withdraw_many"],
            "most_bytes": None if options["large"] else TOO_MANY_BYTES,
        }
        if is_url:
            return import_address(source, **how)
        with contextlib.ExitStack() as stack:
            try:
                file = stack.enter_context(Path(what).open("rb"))
            except OSError as error:
                raise CommandError(f"{what}: {error.strerror}", returncode=2) from error
            return import_file(source, file, name=Path(what).name, **how)

    def _source(self, what: str, is_url: bool, options: dict[str, Any]) -> ImportSource:
        """The source it is of; one that is not known yet is stored when its import begins."""
        name, language = options["source"], settings.LANGUAGE_CODE
        if not name:
            of = origins.of_address if is_url else origins.of_file
            return of(what if is_url else Path(what).stem, language)
        if len(name) > origins.MOST_OF_NAME:
            raise CommandError(
                f"The name of a source has {origins.MOST_OF_NAME} letters at most.", returncode=2
            )
        with contextlib.suppress(ValueError):
            if found := ImportSource.objects.filter(key=UUID(name)).first():
                return found
        found = ImportSource.objects.filter(name=name).order_by("pk")[:2]
        if len(found) > 1:
            keys = " ".join(str(one.key) for one in ImportSource.objects.filter(name=name))
            raise CommandError(
                f"There are several sources “{name}”. Write the key of one: {keys}", returncode=2
            )
        return found[0] if found else ImportSource(name=name, language=language)

    def _said(
        self, source: ImportSource, what: str, is_url: bool, options: dict[str, Any]
    ) -> dict[str, Any]:
        """What the options say anew of the source, by its fields."""
        said = {
            field: options[field]
            for field in ("kind", "language", "attribution", "encoding")
            if options[field]
        }
        if options["provider"]:
            said["provider"] = self._named(Provider, options["provider"])
        if options["territory"]:
            said["territory"] = self._named(Territory, options["territory"])
        if is_url:
            if len(what) > origins.MOST_OF_ADDRESS:
                raise CommandError("The address is too long.", returncode=2)
            said["url"] = what
        if options["daily"] is not None:
            if not is_url:
                raise CommandError("--daily is for an address.", returncode=2)
            said |= {"is_daily": options["daily"], "skips_faults": options["good_rows"]}
        said["mapping"] = {**source.mapping, **self._mapping(options["map"])}
        return {field: value for field, value in said.items() if getattr(source, field) != value}

    def _mapping(self, said: list[str]) -> dict[str, str]:
        mapping = {}
        for one in said:
            column, divider, fact = one.rpartition("=")
            if not divider or fact not in {"", *FIELDS}:
                raise CommandError(f"--map {one}: write COLUMN=FACT.", returncode=2)
            mapping[column] = fact
        return mapping

    def _named(self, model: type[Provider] | type[Territory], said: str):
        rows = model.objects.published()
        with contextlib.suppress(ValueError):
            if found := rows.filter(key=UUID(said)).first():
                return found
        found = rows.filter(texts__name=said).distinct()[:2]
        if len(found) != 1:
            what = "several" if found else "no"
            raise CommandError(
                f"There is {what} {model._meta.verbose_name} “{said}”.", returncode=2
            )
        return found[0]
