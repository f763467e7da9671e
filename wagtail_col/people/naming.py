"""How people are called where somebody sees them because of their work.

Who is below the age of consent has a pseudonym there, and who was asked for their age and has not
said it has no name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q

from wagtail_col.people.consent_ages import consent_age


def own_name(person: AbstractBaseUser) -> str:
    """What the account says: the full name, or else the user name."""
    return person.get_full_name().strip() or person.get_username()


def names_of(people: Iterable[AbstractBaseUser]) -> dict[int, str]:
    """What may be shown of each, by primary key; empty: nothing. One query at most."""
    people = list(people)
    if not _asks():
        return {person.pk: own_name(person) for person in people}
    bands = _bands(people)
    return {person.pk: _name(person, bands.get(person.pk)) for person in people}


def seen_of(people: Iterable[AbstractBaseUser]) -> dict[int, tuple[str, str]]:
    """Name and e-mail address as they may be shown, by primary key: no address of who is not
    shown under their own name. One query at most."""
    people = list(people)
    if not _asks():
        return {person.pk: (own_name(person), _address(person)) for person in people}
    bands = _bands(people)
    return {
        person.pk: (_name(person, band), _address(person) if band and not band.is_under else "")
        for person in people
        for band in [bands.get(person.pk)]
    }


def by_name(lookup: str, own: Q, word: str) -> Q:
    """Where people are looked up by what may be shown of them. ``lookup``: leads to the account;
    ``own``: what finds them by their own name or address."""
    if not _asks():
        return own
    band = f"{lookup}__col_age_band"
    pseudonym = Q(**{f"{band}__is_under": True, f"{band}__pseudonym__icontains": word})
    return (own & Q(**{f"{band}__is_under": False})) | pseudonym


def _asks() -> bool:
    return apps.is_installed("wagtail_col.people") and consent_age() is not None


def _bands(people: list[AbstractBaseUser]) -> dict[int, Any]:
    model = apps.get_model("col_people", "AgeBand")
    found = model.objects.filter(person__in=[person.pk for person in people])
    return {band.person_id: band for band in found}


def _address(person: AbstractBaseUser) -> str:
    return str(getattr(person, person.get_email_field_name(), "") or "")


def _name(person: AbstractBaseUser, band: Any) -> str:
    if band is None:
        return ""
    return band.pseudonym if band.is_under else own_name(person)
