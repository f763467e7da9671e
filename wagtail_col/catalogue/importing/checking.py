"""A row as facts, or what is wrong with it: every fault of the row, by column."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from wagtail_col.catalogue.facts import ListingFacts, Text, is_web_address
from wagtail_col.catalogue.importing import values
from wagtail_col.catalogue.importing.dating import MOST_DATES, Undatable, dates_of
from wagtail_col.catalogue.importing.mapping import Mapped
from wagtail_col.catalogue.importing.refusing import Fault
from wagtail_col.catalogue.importing.vocabulary import (
    Vocabulary,
    access_of,
    kind_of,
    language_of,
)
from wagtail_col.catalogue.words import words
from wagtail_col.geo import Point

#: The most letters of a fact.
MOST = {"id": 255, "uri": 500, "title": 255, "url": 2000, "image": 2000, "venue": 255,
        "address": 500, "languages": 80}  # fmt: skip
#: Of a cell that is shown in a message, this many letters.
SHOWN = 60

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+$")
_TAGS = re.compile(r"<(?:p|br|ul|ol|li|b|strong|em|i|a|h\d|div|span)\b[^<>]*>", re.IGNORECASE)
_ONLINE_CATEGORY = re.compile(r"\bonline\b|en ?linea", re.IGNORECASE)
_AGE = re.compile(r"\d{1,3}")
_LANGUAGES = re.compile(r"[,;/|]+|\s+(?:y|and|in|und|et|e)\s+")
_BLANK_LINES = re.compile(r"\n{2,}")
_ONLINE = ("online", "en linea", "spletu", "spletno", "virtual", "distance", "mooc", "webinar",
           "onlineeventattendancemode")  # fmt: skip
_LOCAL = ("offline", "presencial", "person", "v zivo", "vor ort", "onsite", "on site", "local",
          "lokalno", "offlineeventattendancemode")  # fmt: skip
_BOTH = ("mixed", "hybrid", "hibrid", "mixto", "semipresencial", "blended", "mixedevent")


@dataclass(frozen=True, kw_only=True)
class Defaults:
    """What is said of everything that comes from one source."""

    source: str
    kind: str = "event"
    language: str = "en"
    attribution: str = ""
    provider: UUID | None = None
    territory: UUID | None = None
    zone: tzinfo = UTC
    vocabulary: Vocabulary = field(default_factory=Vocabulary)


class _Faulty(Exception):
    """One cell cannot be read."""

    def __init__(self, column: str, code: str, value: str = "", most: int = 0) -> None:
        super().__init__(column, code)
        self.column, self.code, self.value, self.most = column, code, value[:SHOWN], most


class Checker:
    """Makes facts of the rows of one table."""

    def __init__(self, mapped: Mapped, defaults: Defaults) -> None:
        self.mapped = mapped
        self.defaults = defaults
        # What no column says is the same in each row, so nobody has to look for it there.
        self._readers = [
            (name, read, otherwise)
            for name, (read, fields, otherwise) in self._reading().items()
            if any(field in mapped for field in fields)
        ]
        self._same = {
            "kind": defaults.kind,
            "source": defaults.source,
            "attribution": defaults.attribution,
            "provider": defaults.provider,
            "territory": defaults.territory,
        }

    def _reading(self) -> dict[str, tuple[Callable[[list[str]], Any], tuple[str, ...], Any]]:
        """What reads each fact of a row, from which columns, and what stands where it cannot be
        read. A reader that is named ``*`` gives several facts."""
        return {
            "minutes": (self._minutes, ("minutes",), None),
            "point": (self._point, ("lat", "lon"), None),
            "*where": (self._where, ("online", "category"), {}),
            "*price": (self._price, ("price", "free"), {}),
            "*ages": (self._ages, ("age_min", "age_max", "audience"), {}),
            "kind": (self._kind, ("kind", "category"), self.defaults.kind),
            "dates": (self._dates, ("dates", "start", "end"), ()),
            "accessibility": (self._access, ("accessibility",), ()),
            "delivery_languages": (self._languages, ("languages",), ()),
            "venue": (lambda cells: self._text(cells, "venue"), ("venue",), ""),
            "address": (self._address, ("address",), ""),
            "source_url": (lambda cells: self._web(cells, "url"), ("url",), ""),
            "image": (lambda cells: self._web(cells, "image"), ("image",), ""),
            "canonical_uri": (self._uri, ("uri",), ""),
            "source_id": (lambda cells: self._text(cells, "id"), ("id",), ""),
            "texts": (self._texts, ("title",), ()),
            "territory": (self._territory, ("district",), None),
            "interests": (self._interests, ("category",), ()),
        }

    def check(self, key: UUID, number: int, cells: list[str]) -> tuple[ListingFacts | None, list]:
        """The facts, None where there are faults; and the faults."""
        faults: list[Fault] = []
        if len(cells) > len(self.mapped.columns) and any(cells[len(self.mapped.columns) :]):
            faults.append(Fault(number, "", "cells"))
        for column in self._formulas(cells):
            value = cells[self.mapped.columns.index(column)].strip()[:SHOWN]
            faults.append(Fault(number, column, "formula", value))
        said = dict(self._same)
        for name, read, otherwise in self._readers:
            try:
                found = read(cells)
            except _Faulty as fault:
                faults.append(Fault(number, fault.column, fault.code, fault.value, fault.most))
                found = otherwise
            if name[0] == "*":
                said |= found
            else:
                said[name] = found
        if faults:
            return None, faults
        if not said.get("is_local", True):
            said["point"] = None
        return self._believed(ListingFacts(key=key, **said), number)

    def _believed(self, facts: ListingFacts, number: int) -> tuple[ListingFacts | None, list]:
        try:
            facts.check()
        except ValidationError as error:
            column = {"dates": "start", "point": "lat", "source_url": "url"}
            return None, [
                Fault(
                    number, self.mapped.column(column.get(name, name)), "other", " ".join(messages)
                )
                for name, messages in error.message_dict.items()
            ]
        return facts, []

    def _formulas(self, cells: list[str]) -> list[str]:
        """Columns whose cell a spreadsheet would compute."""
        return [
            column
            for column, cell in zip(self.mapped.columns, cells, strict=False)
            if cell and cell.lstrip()[:1] in ("=", "+", "-", "@") and values.is_formula(cell)
        ]

    def _text(self, cells: list[str], field: str) -> str:
        column, said = self.mapped.one(cells, field)
        return self._short(column, field, " ".join(said.split()))

    def _short(self, column: str, field: str, said: str) -> str:
        if len(said) > MOST[field]:
            raise _Faulty(column, "too-long", said, MOST[field])
        return said

    def _texts(self, cells: list[str]) -> tuple[Text]:
        title = self._text(cells, "title")
        if not title:
            raise _Faulty(self.mapped.column("title"), "no-title")
        column, language = self.mapped.one(cells, "language")
        code = language_of(language) if language else self.defaults.language
        if not code:
            raise _Faulty(column, "language", language)
        description = self.mapped.joined(cells, "description", "\n\n")
        if description and not _TAGS.search(description):
            description = _paragraphs(description)
        _column, summary = self.mapped.one(cells, "summary")
        return (Text(language=code, title=title, summary=summary, description=description),)

    def _kind(self, cells: list[str]) -> str:
        column, said = self.mapped.one(cells, "kind")
        if said:
            if kind := kind_of(said):
                return kind
            raise _Faulty(column, "kind", said)
        said = self.mapped.joined(cells, "category")
        return (said and kind_of(said)) or self.defaults.kind

    def _dates(self, cells: list[str]) -> tuple:
        try:
            minutes = self._minutes(cells)
        except _Faulty:
            # Said where the minutes are read.
            minutes = None
        try:
            return tuple(dates_of(cells, self.mapped, self.defaults.zone, minutes))
        except Undatable as error:
            raise _Faulty(error.column, error.code, error.value, MOST_DATES) from error

    def _minutes(self, cells: list[str]) -> int | None:
        column, said = self.mapped.one(cells, "minutes")
        if not said:
            return None
        found = re.fullmatch(r"(\d{1,6})\s*(?:min\.?|minutes|minutos|minut)?", said)
        if not found:
            raise _Faulty(column, "number", said)
        return int(found[1])

    def _point(self, cells: list[str]) -> Point | None:
        (lat_column, lat), (lon_column, lon) = (
            self.mapped.one(cells, name) for name in ("lat", "lon")
        )
        if not lat and not lon:
            return None
        if not lat or not lon:
            raise _Faulty(lon_column if lat else lat_column, "half-a-point")
        found = []
        for column, said, most in ((lon_column, lon, 180), (lat_column, lat, 90)):
            try:
                degrees = values.number(said)
            except ValueError as error:
                raise _Faulty(column, "number", said) from error
            if abs(degrees) > most:
                raise _Faulty(column, "coordinates", said)
            found.append(degrees)
        # Where there is nothing but sea: an empty place, as programs write it.
        return Point(*found) if any(found) else None

    def _where(self, cells: list[str]) -> dict[str, bool]:
        online, local = self._online_and_local(cells)
        return {"is_online": online, "is_local": local}

    def _online_and_local(self, cells: list[str]) -> tuple[bool, bool]:
        """Whether it is online, and whether it is at a place."""
        column, said = self.mapped.one(cells, "online")
        if said:
            plain = " ".join(words(said))
            if any(word in plain for word in _BOTH):
                return True, True
            if any(word in plain for word in _LOCAL):
                return False, True
            if any(word in plain for word in _ONLINE):
                return True, self._has_place(cells)
            try:
                online = bool(values.yes_or_no(said))
            except ValueError as error:
                raise _Faulty(column, "yes-or-no", said) from error
            return online, not online or self._has_place(cells)
        category = self.mapped.joined(cells, "category")
        if category and _ONLINE_CATEGORY.search(category):
            return True, self._has_place(cells)
        return False, True

    def _has_place(self, cells: list[str]) -> bool:
        return any(self.mapped.cells(cells, field) for field in ("lat", "venue", "address"))

    def _address(self, cells: list[str]) -> str:
        """Street, number and postcode may be in columns of their own."""
        address = ""
        for _column, said in self.mapped.cells(cells, "address"):
            is_next = any(c.isdigit() for c in address) and (
                any(c.isalpha() for c in said) or len(said) in (4, 5)
            )
            is_postcode = said.isdigit() and len(said) >= 4
            divider = ", " if is_next or (is_postcode and address) else " "
            address = f"{address}{divider}{said}" if address else said
        return self._short(self.mapped.column("address"), "address", " ".join(address.split()))

    def _web(self, cells: list[str], field: str) -> str:
        column, said = self.mapped.one(cells, field)
        if not said:
            return ""
        if said[:4].lower() == "www.":
            said = f"https://{said}"
        self._short(column, field, said)
        if not is_web_address(said):
            raise _Faulty(column, "address", said)
        return said

    def _uri(self, cells: list[str]) -> str:
        column, said = self.mapped.one(cells, "uri")
        if said and not _URI.match(said):
            raise _Faulty(column, "address", said)
        return self._short(column, "uri", said)

    def _price(self, cells: list[str]) -> dict[str, Any]:
        column, said = self.mapped.one(cells, "price")
        free_column, free_said = self.mapped.one(cells, "free")
        try:
            is_free = values.yes_or_no(free_said)
        except ValueError as error:
            raise _Faulty(free_column, "yes-or-no", free_said) from error
        if not said:
            return {"is_free": is_free}
        try:
            price = values.price(said)
        except ValueError as error:
            raise _Faulty(column, "price", said) from error
        if price.amount is None:
            return {"is_free": price.is_free if price.is_free is not None else is_free}
        _column, currency = self.mapped.one(cells, "currency")
        code = currency.upper() if re.fullmatch(r"[A-Za-z]{3}", currency) else price.currency
        return {"is_free": False, "price": price.amount, "currency": code or "EUR"}

    def _ages(self, cells: list[str]) -> dict[str, int | None]:
        found = dict(
            zip(
                ("age_min", "age_max"),
                values.ages(self.mapped.joined(cells, "audience")),
                strict=True,
            )
        )
        for name in found:
            column, said = self.mapped.one(cells, name)
            if said:
                if not _AGE.fullmatch(said):
                    raise _Faulty(column, "age", said)
                found[name] = int(said)
        if None not in found.values() and found["age_max"] < found["age_min"]:
            raise _Faulty(self.mapped.column("age_max") or self.mapped.column("audience"), "ages")
        return found

    def _languages(self, cells: list[str]) -> tuple[str, ...]:
        column, said = self.mapped.one(cells, "languages")
        codes = []
        for part in _LANGUAGES.split(said):
            if part.strip():
                if not (code := language_of(part)):
                    raise _Faulty(column, "language", part.strip())
                codes.append(code)
        languages = tuple(dict.fromkeys(codes))
        if len(" ".join(languages)) > MOST["languages"]:
            raise _Faulty(column, "too-long", said, MOST["languages"])
        return languages

    def _access(self, cells: list[str]) -> tuple[str, ...]:
        """What is named of the list. Numbers and letters are somebody's own code: left out."""
        codes = []
        for column, said in self.mapped.cells(cells, "accessibility"):
            for part in re.split(r"[,;/|]+", said):
                if code := access_of(part):
                    codes.append(code)
                elif len(part.strip()) > 2:
                    raise _Faulty(column, "access", part.strip())
        return tuple(dict.fromkeys(codes))

    def _territory(self, cells: list[str]) -> UUID | None:
        _column, said = self.mapped.one(cells, "district")
        found = self.defaults.vocabulary.district(said) if said else None
        return found or self.defaults.territory

    def _interests(self, cells: list[str]) -> tuple[str, ...]:
        said = self.mapped.joined(cells, "category", ";")
        return self.defaults.vocabulary.interests(said) if said else ()


def _paragraphs(text: str) -> str:
    """Plain text as HTML: empty lines divide paragraphs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "\n\n".join(
        f"<p>{html.escape(part).replace(chr(10), '<br>')}</p>" for part in _BLANK_LINES.split(text)
    )
