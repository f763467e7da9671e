"""The rows that are about one person, by the registry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q, QuerySet

from wagtail_col.confirmed_emails import confirmed_emails
from wagtail_col.people.registry import holdings, model_of
from wagtail_col.personal import Holding, Path


@dataclass(frozen=True)
class Held:
    """Rows of one model about one person in one role. ``rows`` is not read yet."""

    holding: Holding
    path: Path
    rows: QuerySet


def held(person: AbstractBaseUser) -> Iterator[Held]:
    """Every way by which a row can be about the person, with its rows, if there are any or not.

    By e-mail only for addresses that are proven to be theirs: else anybody could read what is
    said of somebody whose address they wrote into their account.
    """
    emails = [email for email in confirmed_emails(person) if email]
    for holding in holdings().values():
        model = model_of(holding)
        for path in holding.paths:
            if path.by_email:
                about = Q(pk__in=())
                for email in emails:
                    about |= Q(**{f"{path.to}__iexact": email})
            else:
                about = Q(**{path.to: person.pk})
            yield Held(holding, path, model._base_manager.filter(about))


def counts(person: AbstractBaseUser) -> list[tuple[Held, int]]:
    """How many rows there are of each, of those of which there are any."""
    found = ((one, one.rows.count()) for one in held(person))
    return [(one, count) for one, count in found if count]
