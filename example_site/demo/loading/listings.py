"""What comes from elsewhere and has no page: Madrid's open data, and free lessons on the web."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta

from example_site.demo import facts
from example_site.demo.loading.dates import date_of
from example_site.demo.loading.keys import key
from example_site.demo.loading.more import access_of, said_skills
from wagtail_col.catalogue.facts import ListingFacts, Text
from wagtail_col.catalogue.models import Listing
from wagtail_col.catalogue.publishing import publish_listings
from wagtail_col.geo import Point

SOURCE = "datos.madrid.es"
#: Stands on the page of each event: whose it is, and that we changed it.
ATTRIBUTION = (
    "Ayuntamiento de Madrid – datos.madrid.es. "
    "Date moved, skills and accessibility made up for this demo."
)


def load_events(today: date, going_on: Collection[str]) -> dict[str, Listing]:
    """The city's events and courses, by the number they have there.

    They lie ahead; those in ``going_on``, which last for weeks, have begun already, so that
    somebody can have been there.
    """
    rows = [
        _begun(row, today) if row.id in going_on else row
        for row in facts.shift_dates(facts.opportunities("madrid"), today)
    ]
    return dict(zip([row.id for row in rows], publish_listings(map(_event, rows)), strict=True))


def load_courses() -> dict[str, Listing]:
    """The online lessons, by the demo's own short name. The city is who recommends them."""
    rows = facts.online_courses()
    names = {row.slug: row.name["en"] for row in facts.providers("madrid")}
    listings = publish_listings(_course(row, names[row.provider]) for row in rows)
    return dict(zip([row.id for row in rows], listings, strict=True))


def _begun(row: facts.Opportunity, today: date) -> facts.Opportunity:
    """The row moved back by whole weeks until it began last week; it has to last longer."""
    back = timedelta(weeks=(row.first_day - today).days // 7 + 1)
    return replace(row, start=row.start - back, end=row.end - back)


def _event(row: facts.Opportunity) -> ListingFacts:
    is_online = row.kind == "digital"
    return ListingFacts(
        key=key("event", row.id),
        source=SOURCE,
        source_id=row.id,
        canonical_uri=row.url,
        source_url=row.url,
        attribution=ATTRIBUTION,
        texts=(Text(language="es", title=row.title["es"], description=_details(row)),),
        kind=row.kind,
        provider=key("provider", row.provider),
        territory=key("territory", row.territory),
        interests=row.interests,
        skills=said_skills(row.interests),
        accessibility=access_of(row.venue.get("es", ""), is_online=is_online),
        is_online=is_online,
        is_local=not is_online,
        point=None if row.lat is None else Point(row.lon, row.lat),
        venue=row.venue.get("es", ""),
        address=", ".join(filter(None, (row.address, row.postcode))),
        is_free=row.is_free,
        price=row.price,
        age_min=row.age_min,
        age_max=row.age_max,
        delivery_languages=(row.language,),
        dates=(date_of(row, "madrid"),),
    )


def _details(row: facts.Opportunity) -> str:
    """What the source says and a listing has no field for."""
    said = []
    if isinstance(row.start, datetime) and row.last_day > row.first_day:
        said.append(f"<p>Hora de comienzo: {row.start:%H:%M}.</p>")
    if row.price_note:
        said.append(f"<p>Precio: {row.price_note}.</p>")
    return "".join(said)


def _course(row: facts.OnlineCourse, provider: str) -> ListingFacts:
    licence = row.licence.replace("CC-", "CC ").replace("-4.0", " 4.0")
    return ListingFacts(
        key=key("course", row.id),
        source="lessons on the web",
        source_id=row.id,
        canonical_uri=row.url,
        source_url=row.url,
        attribution=f"{provider}, {licence}" if licence else provider,
        texts=(Text(language=row.language, title=row.title),),
        kind="course",
        provider=key("provider", row.provider),
        territory=key("territory", "madrid"),
        interests=row.interests,
        skills=said_skills(row.interests),
        accessibility=access_of(row.id, is_online=True),
        is_online=True,
        is_local=False,
        is_free=True,
        delivery_languages=(row.language,),
        minutes=row.minutes,
    )
