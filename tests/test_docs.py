"""The reference says what the code says: nothing missing, nothing that is no more."""

import ast
import dataclasses
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import URLPattern

import wagtail_col.urls
from wagtail_col.catalogue import facts as catalogue_facts
from wagtail_col.conf import DEFAULTS
from wagtail_col.learning import facts as learning_facts

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PACKAGE = ROOT / "wagtail_col"
TEMPLATES = PACKAGE / "templates/wagtail_col"
#: Templates of the editors' side, of which the reference promises nothing.
ADMIN_TEMPLATES = re.compile(r"pages/(?!not_ready)|badges/achievement_preview|icons/")


def page(name):
    return (DOCS / "reference" / name).read_text()


def sections(text, heading):
    """By the code in its heading, the text below each of the headings of this level."""
    parts = re.split(rf"^{heading} `([^`]+)`.*\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def first_cells(text):
    """The code in the first column of every table row."""
    return [
        code
        for row in re.findall(r"^\|(.+?)\|", text, re.MULTILINE)
        for code in re.findall(r"`([^`]+)`", row)
    ]


def source(pattern, folder=PACKAGE):
    return "\n".join(path.read_text() for path in folder.rglob(pattern))


def test_every_setting_is_described_with_its_default():
    described = sections(page("settings.md"), "##")
    assert list(described) == list(DEFAULTS)
    for name, text in described.items():
        said = re.match(r"\nDefault: `(.+)`\n", text)
        assert said, name
        assert ast.literal_eval(said[1]) == DEFAULTS[name], name


def test_every_check_is_listed():
    raised = set(re.findall(r"id=\"(wagtail_col\.[EW]\d{3})\"", source("*.py")))
    assert set(first_cells(page("checks.md"))) == raised


def test_every_command_is_described():
    commands = {
        path.stem
        for path in PACKAGE.rglob("management/commands/*.py")
        if not path.stem.startswith("_")
    }
    described = {name.split()[0] for name in sections(page("commands.md"), "##")}
    assert described == commands


def routes(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern.name
        else:
            yield from routes(pattern.url_patterns, route)


def test_every_address_is_listed_with_its_name():
    rows = re.findall(
        r"^\| `((?:col/|ims/|\.well-known/)[^`]*)` \| `(\w+)`", page("urls.md"), re.MULTILINE
    )
    assert sorted(rows) == sorted(routes(wagtail_col.urls.urlpatterns))


def test_every_fact_is_described_with_its_default():
    described = sections(page("facts.md"), "##")
    classes = {
        name: value
        for module in (catalogue_facts, learning_facts)
        for name, value in vars(module).items()
        if dataclasses.is_dataclass(value)
    }
    assert set(described) == set(classes)
    for name, text in described.items():
        rows = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", text, re.MULTILINE))
        said = {
            field: "needed" if value == "needed" else repr(ast.literal_eval(value.strip("`")))
            for field, value in rows.items()
        }
        assert said == {
            field.name: "needed" if field.default is dataclasses.MISSING else repr(field.default)
            for field in dataclasses.fields(classes[name])
        }, name


def test_every_model_is_listed():
    ours = {
        model.__name__
        for model in apps.get_models()
        if model._meta.app_config.name.startswith("wagtail_col")
    }
    assert set(first_cells(page("records.md"))) == ours


def test_every_template_is_listed():
    ours = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*")
        if path.is_file() and not ADMIN_TEMPLATES.search(str(path.relative_to(TEMPLATES)))
    }
    text = page("templates.md").split("Templates of the editors' side")[0]
    listed = set(re.findall(r"^\| `([\w/]+\.html)`", text, re.MULTILINE))
    for folder, names in re.findall(r"^- (?:`([\w/]+/)`: )?(`.+?)(?=\n- |\n\n)", text, re.M | re.S):
        listed |= {folder + name for name in re.findall(r"`([\w.]+\.(?:html|txt))`", names)}
    assert listed == ours


def test_every_block_is_listed_with_its_template():
    rows = re.findall(
        r"^\| `([\w/]+\.html)` \|[^|]*\|([^|]*)\|", page("templates.md"), re.MULTILINE
    )
    base = set(re.findall(r"{% block (col_\w+)", (TEMPLATES / "base.html").read_text()))
    for name, cell in rows:
        blocks = set(re.findall(r"{% block (col_\w+)", (TEMPLATES / name).read_text()))
        own = blocks if name == "base.html" else blocks - base
        assert set(re.findall(r"`(\w+)`", cell)) == own, name


def test_every_tag_of_the_learners_side_is_listed():
    text = page("templates.md")
    for library in ("templatetags/col.py", "catalogue/templatetags/col_catalogue.py"):
        code = (PACKAGE / library).read_text()
        names = re.findall(r"^@register\.\w+.*\ndef (\w+)", code, re.MULTILINE)
        assert names
        assert [name for name in names if not re.search(rf"(\|{name}|{{% {name}) ?", text)] == []


def test_every_token_is_listed():
    tokens = (PACKAGE / "static/wagtail_col/css/tokens.css").read_text()
    ours = set(re.findall(r"^\s*(--col-[a-z-]+):", tokens, re.MULTILINE))
    assert set(first_cells(page("templates.md"))) & {*ours} == ours
    assert {code for code in first_cells(page("templates.md")) if code.startswith("--")} == ours


def documents():
    return sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(path):
    for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", path.read_text()):
        if target.startswith("docs/images/"):
            continue  # Pictures of the running site; they are made from it.
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_names_of_our_modules_are_right(path):
    from django.utils.module_loading import import_string

    text = path.read_text()
    for module, names in re.findall(r"^from (wagtail_col[\w.]*) import ([^(\n]+)$", text, re.M):
        for name in names.split(","):
            import_string(f"{module}.{name.strip()}")
    for dotted in set(re.findall(r"`(wagtail_col(?:\.\w+)+)(?:\([^`]*\))?`", text)):
        if re.search(r"\.[EW]\d{3}$", dotted) or dotted in settings.INSTALLED_APPS:
            continue
        resolve(dotted)


def resolve(dotted):
    """Import the longest module in a dotted path and walk the rest."""
    import importlib

    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for name in parts[length:]:
            found = getattr(found, name)
        return
    raise AssertionError(dotted)
