"""The demo's own words (`data/site.json`, `editors.json`, `town_hall.json`, `endorsements.json`),
and in which language.

What is real is read by `facts`; this is what an editor of such a site would have written.
"""

import json
from html import escape
from typing import Any

from example_site.demo import facts


def site() -> dict[str, Any]:
    """Texts of the home pages, the territories, the tour and the page about the demo."""
    return _read("site.json")


def teams() -> list[dict[str, Any]]:
    """Two made-up providers of Madrid, each with what its editors offer."""
    return _read("editors.json")


def town_hall() -> list[dict[str, Any]]:
    """Made-up events of the town hall."""
    return _read("town_hall.json")


def endorsements() -> dict[str, Any]:
    """A made-up organisation that gives a badge of its own, and another that stands by one."""
    return _read("endorsements.json")


def said(texts: facts.Texts, language: str) -> str:
    """The text in a language, else in English, else in the first language there is."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def attribution() -> str:
    """Whose data the site shows, as one line of HTML with a link to each source."""
    return "<p>{}</p>".format(
        " · ".join(
            f'<a href="{escape(source.url)}">{escape(source.attribution)}</a>'
            for source in facts.sources()
        )
    )


def sources(language: str) -> str:
    """The same as a list, with what each source gave and under which licence."""
    items = (
        f'<li><a href="{escape(source.url)}">{escape(said(source.title, language))}</a>: '
        f"{escape(source.attribution)} ({escape(source.licence)})</li>"
        for source in facts.sources()
    )
    return f"<ul>{''.join(items)}</ul>"


def _read(name: str) -> Any:
    return json.loads((facts.DATA / name).read_text(encoding="utf-8"))
