"""Madrid with its districts, and a region of Slovenia with its capital and quarters."""

import json

from django.contrib.auth.models import User

from example_site.demo import facts
from example_site.demo.loading import texts
from example_site.demo.loading.keys import key
from example_site.demo.loading.pages import put
from example_site.home.models import HomePage
from wagtail_col.pages.standard.models import TerritoryPage

#: In which languages each place is written, and the colour of what has none of its own.
LANGUAGES = {"madrid": ("en", "es"), "slovenia": ("en", "sl")}
COLOURS = {"madrid": "indigo", "slovenia": "leaf"}

Pages = dict[tuple[str, str], TerritoryPage]


def load_territories(homes: dict[str, HomePage], by: User) -> Pages:
    """Territory pages by (slug, language)."""
    pages: Pages = {}
    for place in facts.PLACES:
        for row in facts.territories(place):
            for language in LANGUAGES[place]:
                pages[row.slug, language] = _load(row, place, language, homes, pages, by)
    return pages


def _load(
    row: facts.Territory,
    place: str,
    language: str,
    homes: dict[str, HomePage],
    pages: Pages,
    by: User,
) -> TerritoryPage:
    introduction = texts.site()["territories"].get(row.slug, {}).get(language, "")
    page = TerritoryPage(
        title=texts.said(row.name, language),
        slug=row.slug,
        introduction=introduction,
        # What makes pages translations of each other is this key and their languages.
        translation_key=key("territory", row.slug),
        kind=row.kind,
        boundary=json.dumps(row.geometry),
        colour="" if row.parent else COLOURS[place],
        show_in_menus=row.parent is None,
    )
    return put(pages[row.parent, language] if row.parent else homes[language], page, by)
