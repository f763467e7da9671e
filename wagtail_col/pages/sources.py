"""Page types whose live, public pages are the source of a record.

``RecordSource`` is what the syncing knows; ``ListingMixin`` makes any page type of a site a
source of opportunities with one method, ``get_listing``.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from wagtail_col.catalogue.facts import ListingFacts, Text
from wagtail_col.catalogue.publishing import publish_listing, withdraw_listing


class RecordSource:
    """Mixin: pages with one translation key are together the source of one record."""

    #: True where records below this page in the tree depend on it (a territory's parent).
    holds_others = False

    @classmethod
    def write_record(cls, key: UUID, pages: list) -> None:
        """Write the record from its public pages, one a language, the oldest first."""
        raise NotImplementedError

    @classmethod
    def withdraw_record(cls, key: UUID) -> None:
        """Take the record out: none of its pages is public any more."""
        raise NotImplementedError

    @property
    def record_key(self) -> UUID:
        """The record this page shows. An alias in the same language shows its original's."""
        page = self
        while page.alias_of_id and page.alias_of.locale_id == self.locale_id:
            page = page.alias_of.specific
        return page.translation_key

    @property
    def is_mirror(self) -> bool:
        """Whether this is an alias in the language of its original: no record of its own."""
        return self.record_key != self.translation_key

    @property
    def language(self) -> str:
        return self.locale.language_code

    @property
    def path_from_root(self) -> str:
        """The page's address from the site's root, as records keep it."""
        parts = self.get_url_parts()
        return parts[2] or "" if parts else ""


def merged_texts(facts: list) -> tuple[Text, ...]:
    """One text a language from the facts of several pages, the first page's first."""
    by_language: dict[str, Text] = {}
    for said in facts:
        for text in said.texts:
            by_language.setdefault(text.language, text)
    return tuple(by_language.values())


class ListingMixin(RecordSource):
    """Mixin: each page is an opportunity. Write ``get_listing`` and it is on the map.

    Facts (dates, place, price) are taken from the page that was written first; its
    translations add their texts. An online course may have been added to any of them.
    """

    def get_listing(self) -> ListingFacts:
        """What this page offers; ``key`` is ``self.translation_key``."""
        raise NotImplementedError

    def listing_text(self, **values: str) -> Text:
        """This page's text: its language, title and address, and what you add."""
        return Text(
            **{"language": self.language, "title": self.title, "url": self.path_from_root} | values
        )

    @classmethod
    def write_record(cls, key: UUID, pages: list) -> None:
        said = [page.get_listing() for page in pages]
        course = next((facts.course for facts in said if facts.course), None)
        publish_listing(replace(said[0], key=key, texts=merged_texts(said), course=course))

    @classmethod
    def withdraw_record(cls, key: UUID) -> None:
        withdraw_listing(key)
