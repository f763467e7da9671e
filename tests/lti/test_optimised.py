"""``make test-optimised`` runs these tests under ``python -O``, which drops every ``assert``.

pytest rewrites the assertions of test modules into ordinary code, so those still hold; assertions
anywhere else are gone. So the package must not rely on one, nor a helper of these tests.
"""

import ast
from pathlib import Path

import pytest

import wagtail_col
from tests import lti

PACKAGE = Path(wagtail_col.__file__).parent
HELPERS = Path(lti.__file__).parent


def asserts(files) -> list[str]:
    return [
        f"{file}:{node.lineno}"
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Assert)
    ]


def test_assertions_of_tests_hold_however_python_is_started():
    with pytest.raises(AssertionError):
        assert PACKAGE == HELPERS


def test_no_assert_guards_anything_in_the_package():
    assert asserts(PACKAGE.rglob("*.py")) == []


def test_no_helper_of_these_tests_relies_on_assert():
    helpers = [file for file in HELPERS.rglob("*.py") if not file.name.startswith("test_")]
    assert asserts(helpers) == []
