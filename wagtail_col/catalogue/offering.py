"""Everything the page of a provider shows."""

from __future__ import annotations

from functools import cached_property
from urllib.parse import urlsplit

from wagtail_col.catalogue.finding import Pages
from wagtail_col.catalogue.models import Provider
from wagtail_col.catalogue.presenting import Card, cards, own_image
from wagtail_col.catalogue.search import Query
from wagtail_col.catalogue.search.answers import Answer, answer
from wagtail_col.catalogue.territories import Place, trail


class Offer:
    """The page of one provider, each part read when it is asked for."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self.provider: Provider = query.provider
        self.text = query.provider.text

    @property
    def logo(self) -> str:
        return own_image(self.provider.logo)

    @property
    def website_name(self) -> str:
        """The website's host, as one would say it."""
        return (urlsplit(self.provider.website).hostname or "").removeprefix("www.")

    @cached_property
    def trail(self) -> list[Place]:
        """The way down to the first of the provider's territories."""
        territory = self.provider.territories.published().defer("boundary").first()
        return trail(territory, itself=True)

    @cached_property
    def _answer(self) -> Answer:
        return answer(self.query)

    @cached_property
    def count(self) -> int:
        return self._answer.count

    @cached_property
    def pages(self) -> Pages:
        return Pages(self.query, self.count)

    @cached_property
    def cards(self) -> list[Card]:
        return cards(self._answer.page(*self.pages.bounds))

    @cached_property
    def attributions(self) -> list[str]:
        """Whom to thank for the data."""
        return answer(self.query.bare()).attributions()
