"""There is one way out of the site: whatever is fetched from elsewhere comes through it."""

import ast
from pathlib import Path

import wagtail_col

PACKAGE = Path(wagtail_col.__file__).parent
#: Modules that open connections, of the standard library and of what is often installed.
CLIENTS = {
    "aiohttp",
    "ftplib",
    "http.client",
    "httpx",
    "pycurl",
    "requests",
    "socket",
    "urllib.request",
    "urllib3",
}
#: The guarded fetcher and what it stands on; and the service that a site itself has chosen to ask
#: for points, at the address in its settings.
MAY = {"fetching.py", "connecting.py", "geocoding.py"}


def imported(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def opening_connections() -> dict[str, set[str]]:
    found = {}
    for file in PACKAGE.rglob("*.py"):
        names = imported(ast.parse(file.read_text(encoding="utf-8")))
        used = {name for name in names if name in CLIENTS or name.split(".")[0] in CLIENTS}
        if used:
            found[str(file.relative_to(PACKAGE))] = used
    return found


def test_nothing_but_the_fetcher_opens_connections():
    assert set(opening_connections()) == MAY


def test_the_look_finds_what_it_looks_for():
    assert imported(ast.parse("from urllib import request")) & CLIENTS
    assert imported(ast.parse("def f():\n    import requests")) & CLIENTS
