"""All that is held about people: what every installed app declares, gathered. (see ``personal``)"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from django.apps import apps
from django.db.models import Model
from django.utils.module_loading import module_has_submodule

from wagtail_col.personal import Holding

PACKAGE = "wagtail_col"


@cache
def holdings() -> dict[str, Holding]:
    """What is declared, by the model's label in lower case.

    Ours come first, then what other apps declare, which replaces ours of the same model. What a
    declaration says of an app that is not installed is left out.
    """
    found: dict[str, Holding] = {}
    for config in sorted(apps.get_app_configs(), key=lambda one: not _is_ours(one.name)):
        # The ground's own module is where declarations are made of.
        if config.name != PACKAGE and module_has_submodule(config.module, "personal"):
            for holding in import_module(f"{config.name}.personal").PERSONAL:
                if holding.model.partition(".")[0] in apps.app_configs:
                    found[holding.model.lower()] = holding
    return found


def holding_of(model: type[Model]) -> Holding | None:
    """What is declared of a model; None: nothing."""
    return holdings().get(model._meta.label_lower)


def model_of(holding: Holding) -> type[Model]:
    """LookupError when the app is there and has no such model."""
    return apps.get_model(holding.model)


def _is_ours(name: str) -> bool:
    return name == PACKAGE or name.startswith(f"{PACKAGE}.")
