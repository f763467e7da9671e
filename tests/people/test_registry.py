"""Everything that is held about people is declared, and what is declared is there."""

import re
from pathlib import Path as File

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import models
from django.utils import translation
from django.utils.module_loading import import_string

from wagtail_col.people import processing, registry, walking
from wagtail_col.personal import Basis, Erasure, Holding, Path

DOCUMENT = File(__file__).resolve().parents[2] / "docs/reference/processing.md"


def ours():
    return [
        model
        for model in apps.get_models()
        if model._meta.app_config.name.startswith("wagtail_col")
    ]


def declared():
    return list(registry.holdings().values())


@pytest.mark.parametrize("model", ours(), ids=lambda model: model._meta.label)
def test_every_model_that_leads_to_a_person_is_declared(model):
    assert walking.undeclared(model) == []


@pytest.fixture
def forgotten():
    """Models as somebody could add them and forget to declare."""
    from wagtail_col.badges.models import Award

    def to(model, on_delete=models.CASCADE):
        return models.ForeignKey(model, on_delete, null=True, related_name="+")

    before = dict(apps.all_models["testapp"])
    try:
        note = _model("Note", owner=to(get_user_model()))
        yield {
            "account": note,
            "chain": _model("Stamp", award=to(Award)),
            "two steps": _model("Page", note=to(note)),
            "address": _model("Letter", to=models.EmailField()),
            "many": _model(
                "Team", people=models.ManyToManyField(get_user_model(), related_name="+")
            ),
            "nobody": _model("Colour", shade=models.CharField(max_length=9)),
            "loose": _model("Look", award=to(Award, models.SET_NULL)),
        }
    finally:
        for name in set(apps.all_models["testapp"]) - set(before):
            del apps.all_models["testapp"][name]
        apps.clear_cache()


def _model(name, **fields):
    meta = type("Meta", (), {"app_label": "testapp"})
    return type(name, (models.Model,), {"__module__": __name__, "Meta": meta, **fields})


def test_the_walk_finds_what_was_forgotten(forgotten):
    found = {name: {one.field for one in walking.undeclared(m)} for name, m in forgotten.items()}
    assert found == {
        "account": {"owner"},
        "chain": {"award__learner"},
        "two steps": {"note__owner"},
        "address": {"to"},
        "many": {"people"},
        "nobody": set(),
        "loose": set(),
    }


@pytest.mark.parametrize("holding", declared(), ids=lambda holding: holding.model)
def test_what_is_declared_is_there(holding):
    model = registry.model_of(holding)
    named = {*holding.withheld, *holding.unused, *holding.organisations, *holding.own}
    for path in holding.paths:
        named |= {*(path.fields or ()), *path.blanked}
        assert _end(model, path.to) is path.by_email or path.to == "pk", path.to
    for name in named:
        model._meta.get_field(name)
    if holding.cleaned_by:
        assert callable(import_string(holding.cleaned_by))


def _end(model, lookup):
    """True at an address, False at an account."""
    for part in lookup.split("__"):
        if part == "pk":
            return False
        field = model._meta.get_field(part)
        model = field.related_model
    return not model or not issubclass(model, get_user_model())


@pytest.mark.parametrize("holding", declared(), ids=lambda holding: holding.model)
def test_secrets_are_withheld(holding):
    """Nothing that opens a door is handed out: hashes, tokens, passwords."""
    model = registry.model_of(holding)
    given = {field.name for field in model._meta.concrete_fields} - set(holding.withheld)
    if all(path.fields is not None for path in holding.paths):
        given = {name for path in holding.paths for name in path.fields}
    doors = {"secret_hash", "code_hash", "digest", "token", "password", "client_secret", "session"}
    assert given & doors == set()


def test_what_is_deleted_with_the_account_is_what_the_database_deletes():
    """A declaration cannot say other than the foreign keys do."""
    for holding in declared():
        model = registry.model_of(holding)
        for path in holding.paths:
            if path.by_email or path.to == "pk":
                continue
            first = model._meta.get_field(path.to.split("__")[0])
            deletes = first.remote_field.on_delete is models.CASCADE
            assert deletes is (path.erasure is Erasure.DELETE), (holding.model, path.to)


@pytest.mark.parametrize("holding", declared(), ids=lambda holding: holding.model)
def test_what_is_kept_for_a_time_is_cleaned_by_something(holding):
    with translation.override("en"):
        ends = re.search(r"minute|hour|days|year|month", str(holding.kept))
    assert not ends or holding.cleaned_by, holding.kept


def test_a_declaration_that_hides_something_is_refused():
    with pytest.raises(ValueError, match="reason"):
        Path("learner", erasure=Erasure.KEEP, fields=("key",))
    with pytest.raises(ValueError, match="which fields"):
        Path("made_by", erasure=Erasure.ANONYMISE)
    with pytest.raises(ValueError, match="blanked"):
        Path("email", erasure=Erasure.ANONYMISE, fields=("email",), by_email=True)


def test_an_app_of_the_site_declares_its_own_and_replaces_ours(monkeypatch):
    own = Holding(
        model="col_badges.Share", data="d", purpose="p", basis=Basis.CONTRACT, seen_by="s", kept="k"
    )
    elsewhere = Holding(
        model="not_installed.Thing", data="", purpose="", basis=Basis.CONTRACT, seen_by="", kept=""
    )
    import sys
    import types

    module = types.ModuleType("tests.testapp.personal")
    module.PERSONAL = (own, elsewhere)
    monkeypatch.setitem(sys.modules, "tests.testapp.personal", module)
    has = registry.module_has_submodule
    monkeypatch.setattr(
        registry,
        "module_has_submodule",
        lambda package, name: package.__name__ == "tests.testapp" or has(package, name),
    )
    registry.holdings.cache_clear()
    try:
        assert registry.holdings()["col_badges.share"] is own
        assert "not_installed.thing" not in registry.holdings()
    finally:
        registry.holdings.cache_clear()


def test_the_document_is_what_the_command_writes(capsys):
    call_command("processing_record", language="en")
    assert DOCUMENT.read_text() == capsys.readouterr().out


def test_every_declared_model_is_in_the_record():
    with translation.override("en"):
        text = processing.markdown()
    for holding in declared():
        assert f"`{holding.model}`" in text
        assert str(holding.data) in text


def test_the_record_is_written_in_the_sites_languages():
    with translation.override("es"):
        said = processing.markdown()
    with translation.override("en"):
        assert processing.markdown() != said


def test_the_controller_is_named(settings):
    settings.WAGTAIL_COL = {
        **settings.WAGTAIL_COL,
        "CONTROLLER": {"name": "City of Example", "contact": "a@b.example", "officer": "Ana | B"},
    }
    with translation.override("en"):
        text = processing.markdown()
    assert "- controller: City of Example" in text
    assert "Ana \\| B" in text
    assert "to be filled in" not in text


def test_undeclared_models_of_other_apps_are_named(capsys):
    """Wagtail's own are for the site to declare, as the account's tables of other packages."""
    with pytest.raises(SystemExit):
        call_command("processing_record", undeclared=True)
    said = capsys.readouterr().out
    assert "wagtailusers.UserProfile: user" in said
    assert "col_" not in said
