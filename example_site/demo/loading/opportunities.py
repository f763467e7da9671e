"""Opportunities that have a page because somebody here writes them: editors of four providers."""

from datetime import date
from decimal import Decimal
from html import escape
from typing import Any

from django.contrib.auth.models import User

from example_site.demo import facts
from example_site.demo.loading import texts
from example_site.demo.loading.dates import date_of, dates_of
from example_site.demo.loading.keys import key
from example_site.demo.loading.more import access_of, skills_of
from example_site.demo.loading.pages import publish, translate
from wagtail_col.catalogue.facts import Date
from wagtail_col.catalogue.models import Interest, Listing
from wagtail_col.geo import Point, format_point
from wagtail_col.pages.standard.models import OpportunityDate, OpportunityPage, ProviderPage

Providers = dict[tuple[str, str], ProviderPage]
Interests = dict[str, Interest]


def load_workshops(
    providers: Providers, interests: Interests, today: date, by: User, authors: dict[str, User]
) -> dict[str, Listing]:
    """What Madrid's two made-up providers offer, written by their own editors (``authors``); the
    listings by their short names.

    Those may not publish it themselves: somebody of the city looks at it first.
    """
    for team in texts.teams():
        parent = providers[team["slug"], "en"]
        for row in team["opportunities"]:
            page = _workshop(team, row, interests)
            page.dates = _dates(dates_of(row["dates"], today))
            publish(parent, page, by, author=authors[team["slug"]])
    slugs = [row["slug"] for team in texts.teams() for row in team["opportunities"]]
    keys = {key("workshop", slug): slug for slug in slugs}
    return {keys[one.key]: one for one in Listing.objects.filter(key__in=keys)}


def _workshop(team: dict[str, Any], row: dict[str, Any], interests: Interests) -> OpportunityPage:
    can = "".join(f"<li>{escape(item)}</li>" for item in row["can"])
    page = OpportunityPage(
        title=row["title"],
        slug=row["slug"],
        translation_key=key("workshop", row["slug"]),
        kind=row["kind"],
        summary=row["summary"],
        description=f"<p>Afterwards you can:</p><ul>{can}</ul>",
        is_online=row.get("is_online", False),
        venue=team["venue"],
        address=team["address"],
        point=format_point(Point(team["lon"], team["lat"])),
        is_free=row.get("is_free", False),
        price=Decimal(row["price"]) if "price" in row else None,
        age_min=row.get("age_min"),
        age_max=row.get("age_max"),
        delivery_languages="es",
        minutes=row.get("minutes"),
        accessibility=" ".join(access_of(team["venue"], is_online=row.get("is_online", False))),
    )
    page.interests = [interests[slug] for slug in row["interests"]]
    page.skills = skills_of(tuple(row["interests"]))
    return page


def load_slovenia(
    providers: Providers, interests: Interests, today: date, by: User
) -> dict[str, Listing]:
    """What the Slovene providers offer, in English and Slovene; the listings by the facts' id."""
    rows = facts.shift_dates(facts.opportunities("slovenia"), today)
    for row in rows:
        parent, other = (providers[row.provider, language] for language in ("en", "sl"))
        page = _translated(row, interests)
        page.dates = _dates((date_of(row, "slovenia"),))
        page = publish(parent, page, by)
        translate(page, other.locale, by, title=row.title["sl"], venue=texts.said(row.venue, "sl"))
    listings = Listing.objects.in_bulk([key("event", row.id) for row in rows], field_name="key")
    return {row.id: listings[key("event", row.id)] for row in rows}


def _translated(row: facts.Opportunity, interests: Interests) -> OpportunityPage:
    is_online = row.kind == "digital"
    page = OpportunityPage(
        title=row.title["en"],
        translation_key=key("event", row.id),
        kind=row.kind,
        is_local=not is_online,
        is_online=is_online,
        # A place has one name, the one that stands on its door.
        venue=texts.said(row.venue, "sl"),
        point="" if row.lat is None else format_point(Point(row.lon, row.lat)),
        is_free=row.is_free,
        price=row.price,
        age_min=row.age_min,
        age_max=row.age_max,
        delivery_languages=row.language,
        accessibility=" ".join(access_of(texts.said(row.venue, "sl"), is_online=is_online)),
    )
    page.interests = [interests[slug] for slug in row.interests]
    page.skills = skills_of(row.interests)
    return page


def _dates(dates: tuple[Date, ...]) -> list[OpportunityDate]:
    return [
        OpportunityDate(starts_at=date.starts_at, ends_at=date.ends_at, all_day=date.all_day)
        for date in dates
    ]
