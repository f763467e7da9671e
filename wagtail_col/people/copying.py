"""A copy of all that is held about a person, as one zip file. (GDPR, Art. 15 and 20)

``data/`` has a JSON file for each declared model with its rows; ``files/`` what people sent in;
other floors add the badges and the record by the signal ``taking_along``. Keys and secrets stay
out: they open doors. Other people stay out as well.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import BinaryField, Field, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_col.people.held import Held, held
from wagtail_col.people.models import DataCopy
from wagtail_col.people.registry import holding_of
from wagtail_col.people.signals import taking_along


def zipped(person: AbstractBaseUser) -> bytes:
    """The zip file, its words in the active language."""
    copy = _Copy(person)
    for label, found in _by_model(person).items():
        copy.add_rows(label, found)
    taking_along.send(type(person), person=person, add=copy.add)
    copy.add("README.txt", _read_me(copy.zip.namelist()).encode())
    return copy.bytes()


class _Copy:
    """A zip file being written, about one person."""

    def __init__(self, person: AbstractBaseUser) -> None:
        self.person = person
        self.made = timezone.now()
        self.buffer = io.BytesIO()
        self.zip = zipfile.ZipFile(self.buffer, "w", zipfile.ZIP_DEFLATED)
        self.names: dict[Model, str] = {}

    def add(self, path: str, content: bytes) -> None:
        """Put a file in; a second one of the same name gets a number."""
        stem, dot, ending = path.rpartition(".")
        number = 1
        while path in self.zip.namelist():
            number += 1
            path = f"{stem}-{number}{dot}{ending}"
        self.zip.writestr(_entry(path, self.made), content)

    def add_rows(self, label: str, found: list[Held]) -> None:
        holding = found[0].holding
        rows: dict[int, dict] = {}
        for one in found:
            for row in one.rows.order_by("pk"):
                known = rows.setdefault(row.pk, {"you_are": []})
                known["you_are"].append(str(one.path.who))
                known.update(self._values(row, one.path.fields, holding.withheld))
        if rows:
            text = {
                "what": str(holding.data),
                "why": str(holding.purpose),
                "kept": str(holding.kept),
                "rows": list(rows.values()),
            }
            written = json.dumps(text, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
            self.add(f"data/{label}.json", written.encode())

    def bytes(self) -> bytes:
        self.zip.close()
        return self.buffer.getvalue()

    def _values(self, row: Model, names: tuple[str, ...] | None, withheld: tuple[str, ...]) -> dict:
        values = {"id": row.pk}
        for field in (*row._meta.concrete_fields, *row._meta.many_to_many):
            wanted = names is None or field.name in names
            if wanted and not field.primary_key and field.name not in withheld:
                values[field.name] = self._value(row, field)
        return values

    def _value(self, row: Model, field: Field) -> object:
        if field.many_to_many:
            return [self._named(other) for other in field.value_from_object(row)]
        value = field.value_from_object(row)
        if value is None:
            return None
        if field.is_relation:
            return self._named(getattr(row, field.name))
        if isinstance(field, BinaryField):
            return self._file(row, bytes(value))
        return value

    def _named(self, other: Model) -> object:
        """What a row points to: its number and name. Of other people it says no more than that."""
        if isinstance(other, get_user_model()):
            return _("you") if other.pk == self.person.pk else _("somebody else")
        holding = holding_of(type(other))
        if holding and holding.withheld:
            return {"id": other.pk}
        if other not in self.names:
            self.names[other] = str(other)
        return {"id": other.pk, "name": self.names[other]}

    def _file(self, row: Model, content: bytes) -> str:
        if not content:
            return ""
        name = re.sub(r"[^\w.-]+", "_", str(getattr(row, "name", ""))).strip("._")[-80:]
        path = f"files/{row._meta.label}/{row.pk}-{name or 'file'}"
        self.add(path, content)
        return path


def _by_model(person: AbstractBaseUser) -> dict[str, list[Held]]:
    found: dict[str, list[Held]] = {}
    for one in held(person):
        # The copy itself is no part of it: it would hold the last one.
        if one.rows.model is not DataCopy:
            found.setdefault(one.rows.model._meta.label, []).append(one)
    return found


def _entry(path: str, made: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, timezone.localtime(made).timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _read_me(names: list[str]) -> str:
    return "\n".join(_read_me_lines({name.partition("/")[0] for name in names})) + "\n"


def _read_me_lines(parts: set[str]) -> Iterator[str]:
    site = getattr(django_settings, "WAGTAIL_SITE_NAME", "")
    yield _("Everything %(site)s holds about you.") % {"site": site or _("this site")}
    yield ""
    yield _("data: one file for each kind of data, with why it is held and for how long.")
    for part, says in (
        (
            "badges",
            _("badges: your badges, signed. Wallets take them, and anybody can check them."),
        ),
        ("files", _("files: what you sent in.")),
        ("record.pdf", _("record.pdf: your badges on paper.")),
    ):
        if part in parts:
            yield says
    yield ""
    yield _(
        "Passwords and the like are left out, since they open doors. So is what is about others."
    )
