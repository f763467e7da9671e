"""Which ways lead from a model to an account: what its declaration has to name.

A foreign key to the account is one. So is a foreign key to a row that goes with its own account:
an edition of a badge belongs to the badge, and the badge to its learner. A key that is only
emptied (SET_NULL) leads to no more than its own end: the playlist somebody else wrote is not
about its learners.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import CASCADE, PROTECT, RESTRICT, Model

from wagtail_col.people.registry import holding_of

#: With these a row cannot be without the other one.
_BELONGS = (CASCADE, PROTECT, RESTRICT)


@dataclass(frozen=True)
class Missing:
    """A way to a person that no declaration names. ``field``: a lookup or an address."""

    model: str
    field: str

    def __str__(self) -> str:
        return f"{self.model}: {self.field}"


def ways(model: type[Model]) -> set[str]:
    """Lookups from a model to accounts that its declaration has to name."""
    return set(_ways(model, ()))


def addresses(model: type[Model]) -> set[str]:
    """Fields that hold an e-mail or a network address."""
    kinds = (models.EmailField, models.GenericIPAddressField)
    return {field.name for field in model._meta.concrete_fields if isinstance(field, kinds)}


def undeclared(model: type[Model]) -> list[Missing]:
    """What a model holds about people and no declaration says."""
    holding = holding_of(model)
    paths = holding.paths if holding else ()
    named = {path.to for path in paths}
    known = holding.organisations + holding.unused + holding.own if holding else ()
    allowed = {*named, *known}
    found = sorted((ways(model) - named) | (addresses(model) - allowed))
    return [Missing(model._meta.label, one) for one in found]


def undeclared_everywhere() -> list[Missing]:
    """The same of every installed model but the account itself, ours or not."""
    account = get_user_model()
    return [
        missing
        for model in apps.get_models()
        if model is not account
        for missing in undeclared(model)
    ]


def _ways(model: type[Model], seen: tuple[type[Model], ...], owned: bool = False) -> Iterator[str]:
    """With ``owned`` only those by which the row goes together with the account."""
    if model in seen:
        return
    account = get_user_model()
    holding = holding_of(model)
    unused = holding.unused if holding else ()
    for field in model._meta.get_fields():
        # Of this model, not of one that refers to it. Many-to-many fields have no column.
        own = field.concrete or (field.many_to_many and not field.auto_created)
        if not (own and field.is_relation and field.related_model):
            continue
        if field.name in unused:
            continue
        belongs = getattr(field.remote_field, "on_delete", None) in _BELONGS
        if issubclass(field.related_model, account):
            if belongs or not owned:
                yield field.name
        elif belongs:
            for rest in _ways(field.related_model, (*seen, model), owned=True):
                yield f"{field.name}__{rest}"
