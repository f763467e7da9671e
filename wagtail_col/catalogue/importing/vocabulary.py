"""Words of others for what the catalogue has a list of: kinds, interests, districts, languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from uuid import UUID

from django.conf.locale import LANG_INFO

from wagtail_col.catalogue.models import Access, Interest, Kind, Territory, TerritoryText
from wagtail_col.catalogue.words import words

#: How words of each kind begin, the more special kinds first.
_KINDS = {
    Kind.VOLUNTEERING: ("volunt", "voluntari", "prostovolj", "freiwillig", "ehrenamt", "benevol"),
    Kind.INTERNSHIP: ("intern", "traineeship", "practicas", "praksa", "praktikum", "tirocin"),
    Kind.PROJECT: ("project", "proyecto", "projekt", "projet", "progett"),
    Kind.WORKSHOP: ("workshop", "taller", "delavnic", "atelier", "laborator"),
    Kind.COURSE: ("course", "curso", "tecaj", "kurs", "cours", "corso", "lehrgang", "class"),
    Kind.OPEN_SPACE: ("open space", "openspace", "espacio abierto", "odprti prostor"),
    Kind.DIGITAL: ("digital", "mooc", "webinar"),
    Kind.EVENT: ("event", "dogodek", "dogodk", "veranstaltung", "evenement", "activid"),
}
#: What is in words about accessibility. Madrid writes 1 for what people in wheelchairs can reach.
_ACCESS = {
    Access.STEP_FREE: ("1", "yes", "si", "da", "step free", "wheelchair", "silla de ruedas",
                       "movilidad reducida", "invalid", "rollstuhl", "brez stopnic", "accesible"),
    Access.TOILET: ("toilet", "aseo", "stranisc", "wc"),
    Access.SIGN_LANGUAGE: ("sign language", "lengua de signos", "znakovni", "gebarden", "bsl"),
    Access.HEARING_LOOP: ("hearing loop", "bucle magnetico", "slusna zanka", "induktion"),
    Access.EASY_READ: ("easy read", "easy to read", "lectura facil", "lahko branje", "leichte"),
    Access.QUIET: ("quiet", "relaxed", "tranquil", "mirn", "ruhig"),
    Access.CAPTIONS: ("caption", "subtitl", "podnapis", "untertitel"),
    Access.ASSISTANCE: ("assistance", "assistan", "helper", "asisten", "pomoc", "hilfe"),
}  # fmt: skip
_DIVIDERS = re.compile(r"[,;|/>#]+")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")


class Vocabulary:
    """The site's lists, read once for an import. ``below``: the path of the territory in which
    districts are looked for."""

    def __init__(
        self,
        interests: Mapping[str, str] | None = None,
        districts: Mapping[str, UUID] | None = None,
    ) -> None:
        self._interests = {tuple(name.split()): slug for name, slug in (interests or {}).items()}
        self._districts = districts or {}
        self._known: dict[str, tuple[str, ...]] = {}

    @classmethod
    def of_site(cls, below: str = "") -> Vocabulary:
        interests = {}
        for slug, name in Interest.objects.values_list("slug", "names__name"):
            interests[_plain(slug)] = slug
            interests[_plain(name or slug)] = slug
        found = TerritoryText.objects.filter(territory__path__startswith=below)
        published = found.filter(territory__in=Territory.objects.published())
        names = published.order_by("-pk").values_list("name", "territory__key")
        return cls(interests, {_plain(name): key for name, key in names})

    def interests(self, text: str) -> tuple[str, ...]:
        """Slugs of the interests a text names: ``"/contenido/Musica/JazzSoul"``."""
        if text not in self._known:
            if len(self._known) > 10_000:
                self._known.clear()
            self._known[text] = self._find(text)
        return self._known[text]

    def _find(self, text: str) -> tuple[str, ...]:
        parts = [words(part) for part in parts_of(text)]
        return tuple(
            dict.fromkeys(
                slug
                for part in parts
                for name, slug in self._interests.items()
                if any(
                    tuple(part[at : at + len(name)]) == name
                    for at in range(len(part) - len(name) + 1)
                )
            )
        )

    def said(self) -> list[object]:
        """All of it, to tell whether it has changed."""
        return [sorted(self._interests.items()), sorted(self._districts.items())]

    def district(self, text: str) -> UUID | None:
        return self._districts.get(_plain(text))


def parts_of(text: str) -> list[str]:
    """What is between dividers, with words apart that are written together: ``CursosTalleres``."""
    return [_CAMEL.sub(" ", part) for part in _DIVIDERS.split(text)]


@cache
def kind_of(text: str) -> str:
    """The kind a text names; empty for none."""
    said = " ".join(word for part in parts_of(text) for word in words(part))
    if said.replace(" ", "-") in Kind.values:
        return said.replace(" ", "-")
    for kind, beginnings in _KINDS.items():
        if any(f" {said}".find(f" {beginning}") >= 0 for beginning in beginnings):
            return str(kind)
    return ""


@cache
def access_of(text: str) -> str:
    """The code of ``Access`` that a text names; empty for none."""
    said = " ".join(words(text))
    if said.replace(" ", "-") in Access.values:
        return said.replace(" ", "-")
    for code, beginnings in _ACCESS.items():
        if said in beginnings or any(
            f" {name}" in f" {said}" for name in beginnings if len(name) > 2
        ):
            return str(code)
    return ""


@cache
def language_of(text: str) -> str:
    """The code of a language, from its code or its name in itself or in English; "" for none."""
    said = text.strip().lower().replace("_", "-")
    if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", said):
        if said in LANG_INFO:
            return said
        if said.partition("-")[0] in LANG_INFO:
            return said
    return _languages().get(_plain(text), "")


@cache
def _languages() -> dict[str, str]:
    more = {"spanish": "es", "espanol": "es", "castellano": "es", "castilian": "es",
            "ingles": "en", "anglescina": "en", "slovenscina": "sl", "slovensko": "sl",
            "frances": "fr", "aleman": "de", "portugues": "pt", "italiano": "it"}  # fmt: skip
    said = {}
    for code, info in LANG_INFO.items():
        for name in (info.get("name"), info.get("name_local")):
            if name and len(code) <= 3:
                said.setdefault(_plain(name), code)
    return said | more


def _plain(text: str) -> str:
    return " ".join(words(text))
