"""A row of every declared model about one person, made by walking the registry.

Rows are made by their fields' kinds, so a new model needs nothing here, unless its rows obey a
rule of their own: then ``RULES`` has what it takes.
"""

from __future__ import annotations

import itertools
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import models
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from tests import factories
from wagtail_col.badges.models import Achievement
from wagtail_col.people.registry import holdings, model_of
from wagtail_col.personal import Holding, Path

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Example:
    holding: Holding
    path: Path
    row: models.Model


def everything_about(person) -> list[Example]:
    """One row for each way in which a row can be about somebody."""
    return [
        Example(holding, path, _about(model_of(holding), path.to, person, path.by_email))
        for holding in holdings().values()
        for path in holding.paths
    ]


def _about(model, lookup, person, by_email=False):
    if lookup == "pk":
        return person
    name, _, rest = lookup.partition("__")
    if by_email:
        return make(model, **{name: person.email})
    if rest:
        return make(
            model, **{name: _about(model._meta.get_field(name).related_model, rest, person)}
        )
    return make(model, **{name: person})


def make(model, **values):
    """A row of ``model``; what is not given is made up where the row cannot be without it."""
    if model in RULES:
        values = RULES[model](values)
    if isinstance(values, models.Model):
        return values
    for field in model._meta.concrete_fields:
        if field.name not in values and _is_needed(field):
            values[field.name] = _value_of(field)
    return model._base_manager.create(**values)


def _is_needed(field):
    return not (
        field.primary_key
        or field.has_default()
        or field.null
        or getattr(field, "auto_now_add", False)
        or getattr(field, "auto_now", False)
        or (field.blank and not field.unique)
    )


def _value_of(field):
    number = next(_numbers)
    if field.is_relation:
        if issubclass(field.related_model, get_user_model()):
            return factories.UserFactory(username=f"somebody{number}")
        if field.related_model is Achievement:
            return factories.AchievementFactory()
        return make(field.related_model)
    if field.choices:
        return field.choices[0][0]
    kinds = (
        (models.DateTimeField, timezone.now),
        (models.DateField, timezone.localdate),
        (models.UUIDField, uuid.uuid4),
        (models.EmailField, lambda: f"somebody{number}@elsewhere.example"),
        (models.URLField, lambda: f"https://elsewhere.example/{number}"),
        (models.JSONField, dict),
        (models.BinaryField, lambda: b"content"),
        (models.BooleanField, bool),
        ((models.CharField, models.TextField), lambda: _text(field, number)),
        ((models.IntegerField, models.FloatField, models.DecimalField), lambda: number),
    )
    for kind, value in kinds:
        if isinstance(field, kind):
            return value()
    raise NotImplementedError(f"an example of {field}")


def _text(field, number):
    return f"{uuid.uuid4().hex[:6]}{number}"[: field.max_length]


def _endorsement(values):
    things = {"award", "issuer", "achievement"} & set(values)
    return values if things else {**values, "achievement": factories.AchievementFactory()}


def _code(values):
    things = {"listing", "achievement"} & set(values)
    return values if things else {**values, "achievement": factories.AchievementFactory()}


def _page(make_page):
    def rule(values):
        page = make_page()
        for name, value in values.items():
            setattr(page, name, value)
        page.save()
        return page

    return rule


def _rules():
    from wagtail_col.badges.models import Endorsement
    from wagtail_col.learning.models import ClaimCode
    from wagtail_col.pages.standard.models import (
        OpportunityPage,
        PlaylistPage,
        ProviderPage,
        TerritoryPage,
    )

    city = lambda: factories.territory_page(title=f"City {next(_numbers)}")  # noqa: E731
    return {
        Endorsement: _endorsement,
        ClaimCode: _code,
        get_access_token_model(): lambda values: {
            "expires": timezone.now() + timedelta(days=1),
            **values,
        },
        TerritoryPage: _page(city),
        ProviderPage: _page(lambda: factories.provider_page(city())),
        OpportunityPage: _page(lambda: factories.opportunity_page(city())),
        PlaylistPage: _page(lambda: factories.playlist_page(city(), [])),
    }


RULES = _rules()
