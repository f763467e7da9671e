"""The conformance table says what the code says: each rule, its source, a test that is there."""

import ast
import re
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import wagtail_col.lti.platform
from wagtail_col.lti.platform.requirements import REQUIREMENTS

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "docs/reference/lti-conformance.md").read_text()
#: A row of any of the page's tables: its cells.
ROW = re.compile(r"^\|(.+)\|$", re.MULTILINE)
DEFINED = re.compile(r"^ *def (test_\w+)\(", re.MULTILINE)
TEST = re.compile(r"`(test_\w+)`")


@pytest.fixture(scope="module", autouse=True)
def everything_imported():
    # Some rules are about our tickets and addresses: they stand beside their views.
    import_module("wagtail_col.lti.urls")
    for module in iter_modules(wagtail_col.lti.platform.__path__):
        import_module(f"wagtail_col.lti.platform.{module.name}")


def rows(heading):
    """The body of the table below a heading, as lists of cells."""
    part = TABLE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    found = [[cell.strip() for cell in row.split("|")] for row in ROW.findall(part)]
    return [row for row in found[2:] if row]


@cache
def names_of_tests():
    return {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in DEFINED.findall(path.read_text())
    }


def test_every_requirement_has_its_line_with_its_source_and_its_error():
    said = {
        code.strip("`"): (section, error.strip("`"))
        for code, section, error, *_tests in rows("Requirements")
    }
    assert said == {code: (rule.section, rule.error) for code, rule in sorted(REQUIREMENTS.items())}


@pytest.mark.parametrize(
    "heading",
    ["Requirements", "What certification looks at", "What the library alone lets through"],
)
def test_every_line_of_the_conformance_table_names_tests_that_are_there(heading):
    assert rows(heading)
    for row in rows(heading):
        tests = TEST.findall(row[-1])
        assert tests, row
        assert set(tests) <= names_of_tests(), row


def test_no_check_of_the_protocol_is_an_assert():
    for path in (ROOT / "wagtail_col/lti").rglob("*.py"):
        asserts = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Assert)]
        assert not asserts, path
