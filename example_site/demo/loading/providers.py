"""Who offers learning: the city's own networks, courses on the web, and some we made up."""

from html import escape

from django.contrib.auth.models import User
from wagtail.models import Page

from example_site.demo import facts
from example_site.demo.loading import texts
from example_site.demo.loading.keys import key
from example_site.demo.loading.pages import publish, put
from example_site.demo.loading.territories import LANGUAGES
from example_site.home.models import HomePage, StandardPage
from wagtail_col.pages.standard.models import ProviderPage, TerritoryPage

#: Below which territory the providers of a place are.
SEATS = {"madrid": "madrid", "slovenia": "osrednjeslovenska"}

Providers = dict[tuple[str, str], ProviderPage]


def load_providers(
    homes: dict[str, HomePage], territories: dict[tuple[str, str], TerritoryPage], by: User
) -> Providers:
    """Provider pages by (slug, language). Those of online courses belong to no territory."""
    pages: Providers = {}
    web = StandardPage(
        title="Lessons on the web",
        slug="web",
        intro="Free lessons that others publish, and that the lines of the city stop at.",
    )
    web = publish(homes["en"], web, by)
    for place in facts.PLACES:
        for row in facts.providers(place):
            if row.kind == "online":
                pages[row.slug, "en"] = _load(web, row, "en", by)
            else:
                for language in LANGUAGES[place]:
                    seat = territories[SEATS[place], language]
                    pages[row.slug, language] = _load(seat, row, language, by)
    _link(web, [page for page in pages.values() if page.get_parent().pk == web.pk], by)
    return pages


def load_teams(
    territories: dict[tuple[str, str], TerritoryPage], pages: Providers, by: User
) -> None:
    """Madrid's made-up providers, whose own editors write what they offer."""
    for team in texts.teams():
        row = facts.Provider(slug=team["slug"], name=team["name"], kind="team", example=True)
        for language in LANGUAGES["madrid"]:
            seat = territories["madrid", language]
            description = f"<p>{escape(team['description'][language])}</p>"
            pages[row.slug, language] = _load(
                seat, row, language, by, description=description, email=team["email"]
            )


def _load(
    parent: Page, row: facts.Provider, language: str, by: User, **values: str
) -> ProviderPage:
    page = ProviderPage(
        title=texts.said(row.name, language),
        slug=row.slug,
        translation_key=key("provider", row.slug),
        website=row.website,
    )
    return put(parent, page, by, **values)


def _link(web: StandardPage, pages: list[ProviderPage], by: User) -> None:
    items = (
        f'<li><a linktype="page" id="{page.pk}">{escape(page.title)}</a></li>' for page in pages
    )
    web.body = f"<ul>{''.join(items)}</ul>"
    web.save_revision(user=by).publish(user=by)
