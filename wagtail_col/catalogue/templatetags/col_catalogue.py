"""Template tags of the catalogue: facts in words, and parts that are the same for everyone."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info

from wagtail_col.catalogue import saying
from wagtail_col.catalogue.caching import remembered
from wagtail_col.catalogue.scoping import written
from wagtail_col.catalogue.structured_pages import provider_page, territory_page, website
from wagtail_col.conf import base_url
from wagtail_col.language import lang_attribute

register = template.Library()


@register.filter
def when(date: Any) -> str:
    """``{{ occurrence|when }}``: one date (starts_at, ends_at, all_day), short."""
    return saying.date_in_words(date.starts_at, date.ends_at, all_day=date.all_day)


@register.filter
def when_in_full(date: Any) -> str:
    """``{{ occurrence|when_in_full }}``: with the time it ends, and never "until"."""
    return saying.date_in_words(date.starts_at, date.ends_at, all_day=date.all_day, in_full=True)


@register.filter
def duration(minutes: int | None) -> str:
    """``{{ step.minutes|duration }}``: ``40 minutes``, ``1 h 30 min``, ``12 hours``."""
    return saying.minutes_in_words(minutes)


@register.filter
def price(listing: Any) -> str:
    """``{{ listing|price }}``: what it costs, empty when unknown."""
    return saying.price_in_words(listing.is_free, listing.price, listing.currency)


@register.filter
def age(listing: Any) -> str:
    """``{{ listing|age }}``: for whom by age, empty when there is no limit that we know."""
    return saying.age_in_words(listing.age_min, listing.age_max)


@register.filter
def languages(listing: Any) -> str:
    """``{{ listing|languages }}``: the languages it is held in, by name."""
    return saying.languages_in_words(listing.delivery_languages)


@register.filter
def lang(language: str) -> SafeString:
    """``<p{{ text.language|lang }}>``: a lang attribute where the text is in another language."""
    foreign = lang_attribute(language)
    # Only letters, digits and hyphens make a language code; anything else is not written.
    if foreign and foreign.replace("-", "").isalnum() and foreign.isascii():
        return mark_safe(f' lang="{foreign}"')  # noqa: S308
    return mark_safe("")


class ForEveryoneNode(template.Node):
    """A part that is the same for everybody who reads in one language; kept in the cache."""

    def __init__(self, nodelist: NodeList, shared: FilterExpression) -> None:
        self.nodelist = nodelist
        self.shared = shared

    def render(self, context: template.Context) -> SafeString:
        shared = self.shared.resolve(context)

        def rendered() -> str:
            # No request, no user, no messages in here: what is kept must not be anybody's own.
            return self.nodelist.render(context.new(shared))

        part = remembered("part", shared["key"], rendered, revision=shared.get("revision"))
        return mark_safe(part)  # noqa: S308


@register.tag
def for_everyone(parser: Parser, token: Token) -> ForEveryoneNode:
    """``{% for_everyone shared %}…{% end_for_everyone %}``.

    ``shared`` is a dict: ``key``, a tuple that tells this part from others, perhaps the
    catalogue's ``revision``, and the only variables there are inside. Let them be lazy: they
    are needed on a cold cache alone.
    """
    bits = token.split_contents()
    if len(bits) != 2:
        raise template.TemplateSyntaxError(f"{bits[0]} takes one argument, the shared variables")
    nodelist = parser.parse(("end_for_everyone",))
    parser.delete_first_token()
    return ForEveryoneNode(nodelist, parser.compile_filter(bits[1]))


@register.simple_tag
def absolute(path: str, query: str = "") -> str:
    """``{% absolute text.url query.string %}``: a path of this site as a whole address."""
    return f"{base_url()}{path}?{query}" if query else f"{base_url()}{path}"


@register.simple_tag
def language_links(record: Any) -> list[dict[str, Any]]:
    """The record's pages in each language; none where there is only one to choose."""
    here = record.text.language if record.text else ""
    links = []
    for text in sorted(record.texts.all(), key=lambda text: text.language):
        if text.url:
            try:
                name = get_language_info(text.language)["name_local"]
            except KeyError:
                name = text.language
            links.append(
                {
                    "code": text.language,
                    "name": name[:1].upper() + name[1:],
                    "url": text.url,
                    "current": text.language == here,
                }
            )
    return links if len(links) > 1 else []


@register.simple_tag
def search_address(name: str, query: Any) -> str:
    """The address of ``col_catalogue:<name>`` about a search, its scope named in it."""
    return f"{reverse(f'col_catalogue:{name}')}?{written(query)}"


@register.simple_tag
def structured_data(record: Any, text: Any, screen: Any) -> SafeString:
    """What the page of a territory or a provider lists, in the words of schema.org."""
    if screen.query.territory:
        said = territory_page(record, text, screen.cards, screen.attributions)
    else:
        said = provider_page(record, text, screen.cards)
    return mark_safe(f'<script type="application/ld+json">{said}</script>')  # noqa: S308


@register.simple_tag
def structured_site(name: str, url: str, search: str) -> SafeString:
    """``{% structured_site name url search %}``: the site in the words of schema.org, for its front
    page. ``url`` and ``search``: the addresses of that page and of the one that finds."""
    said = website(name, url, search, get_language() or settings.LANGUAGE_CODE)
    return mark_safe(f'<script type="application/ld+json">{said}</script>')  # noqa: S308
