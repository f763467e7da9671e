"""Imports run downwards only, and in no circle; those inside of functions and those for type
checkers count as well."""

from __future__ import annotations

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "wagtail_col"
#: What each floor may know besides itself and the ground. (docs/explanation/architecture.md)
FLOORS = {
    "people": set(),
    "catalogue": {"people"},
    "badges": {"people"},
    "lti": {"people"},
    "api": {"badges", "people"},
    "learning": {"lti", "badges", "catalogue", "people"},
    "pages": {"learning", "api", "lti", "badges", "catalogue", "people"},
}
#: Protocols, which know neither Django nor the database: neither the rest of their own floor.
PURE = ("badges.openbadges", "lti.platform")


@cache
def imports() -> dict[str, set[str]]:
    """Each module of the package, and those of the package that it imports."""
    files = {}
    for file in (ROOT / PACKAGE).rglob("*.py"):
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        files[name] = file
    return {name: _imported(name, file, set(files)) - {name} for name, file in files.items()}


def _imported(name: str, file: Path, known: set[str]) -> set[str]:
    package = name if file.name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: 1 - node.level or None] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            names = {f"{base}.{alias.name}" for alias in node.names}
            found |= {one if one in known else base for one in names}
    return found & known


def floor(module: str) -> str:
    """The floor a module is on, "" for the ground."""
    name = module.split(".")[1] if "." in module else ""
    return name if (ROOT / PACKAGE / name / "apps.py").exists() else ""


def test_every_floor_is_known_here():
    found = {floor(module) for module in imports()} - {""}
    assert found == set(FLOORS)


@pytest.mark.parametrize("upper", ["", *FLOORS])
def test_downwards_only(upper):
    allowed = {"", upper, *FLOORS.get(upper, ())}
    wrong = [
        f"{module} imports {other}"
        for module, others in imports().items()
        for other in others
        if floor(module) == upper and floor(other) not in allowed
    ]
    assert wrong == []


@pytest.mark.parametrize("part", PURE)
def test_protocols_know_themselves_alone(part):
    inside = f"{PACKAGE}.{part}"
    others = {
        other
        for module, others in imports().items()
        if f"{module}.".startswith(f"{inside}.")
        for other in others
        if not f"{other}.".startswith(f"{inside}.")
    }
    assert others == set()


def test_in_no_circle():
    # Migrations name the models they were made for, and nothing imports migrations.
    modules = {name: others for name, others in imports().items() if ".migrations" not in name}
    try:
        TopologicalSorter(modules).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(reversed(error.args[1])))
