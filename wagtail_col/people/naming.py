"""How people are called where somebody sees them because of their work.

Who is below the age of consent has a pseudonym there, and who was asked for their age and has not
said it has no name.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser

from wagtail_col.people.consent_ages import consent_age


def own_name(person: AbstractBaseUser) -> str:
    """What the account says: the full name, or else the user name."""
    return person.get_full_name().strip() or person.get_username()


def names_of(people: Iterable[AbstractBaseUser]) -> dict[int, str]:
    """What may be shown of each, by primary key; empty: nothing. One query at most."""
    people = list(people)
    if not apps.is_installed("wagtail_col.people") or consent_age() is None:
        return {person.pk: own_name(person) for person in people}
    bands = {
        band.person_id: band
        for band in apps.get_model("col_people", "AgeBand").objects.filter(
            person__in=[person.pk for person in people]
        )
    }
    return {person.pk: _name(person, bands.get(person.pk)) for person in people}


def _name(person: AbstractBaseUser, band) -> str:
    if band is None:
        return ""
    return band.pseudonym if band.is_under else own_name(person)
