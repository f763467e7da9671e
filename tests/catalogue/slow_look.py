"""A slow, obvious look at one listing after the other: what a search finds, in which order."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from wagtail_col.catalogue.models import Listing
from wagtail_col.catalogue.search import Query
from wagtail_col.catalogue.search.terms import short
from wagtail_col.catalogue.words import roots, searchable, words
from wagtail_col.geo import Box, Point, distance_km, to_map


def slowly(query: Query) -> set[int]:
    """What a search finds, one listing after the other."""
    return {listing.pk for listing in Listing.objects.all() if _fits(listing, query)}


def _fits(listing: Listing, query: Query) -> bool:
    now = timezone.now()
    dates = list(listing.occurrences.all())
    path = listing.territory.path if listing.territory else ""
    inside = query.district_path or (query.territory.path if query.territory else "")
    interests = {interest.slug for interest in listing.interests.all()}
    skills = {skill.slug for skill in listing.skills.all()}
    languages = {code.split("-")[0] for code in listing.delivery_languages.split()}
    point = listing.point
    asked = words(_meant(query.q))
    there = [text.folded.split() for text in listing.texts.all()]
    return all(
        (
            listing.state == "published",
            not dates or max(date.ends_at for date in dates) >= now,
            path.startswith(inside),
            not query.provider or listing.provider_id == query.provider.pk,
            not query.kind or listing.kind in query.kind,
            not query.interest or interests & set(query.interest),
            query.place != "online" or listing.is_online,
            query.place != "local" or listing.is_local,
            not query.free or listing.is_free,
            query.age is None or (listing.age_min or 0) <= query.age <= (listing.age_max or 999),
            not query.is_dated or any(_is_asked_for(date, query) for date in dates),
            not query.skill or skills & set(query.skill),
            query.max_price is None
            or listing.is_free
            or (listing.price is not None and listing.price <= query.max_price),
            not query.language or languages & set(query.language),
            set(query.access) <= set(listing.accessibility.split()),
            not query.providers
            or (listing.provider and short(listing.provider) in query.providers),
            not query.point or (point and distance_km(point, query.point) <= query.within),
            not query.box or _in_box(listing, query.box),
            not query.q or any(all(_has(text, word) for word in asked) for text in there),
        )
    )


def _meant(typed: str) -> str:
    """The one mistake that the searches make, where what it meant is there and it is not."""
    is_there = any(
        _has(text.folded.split(), "radio")
        for listing in Listing.objects.published()
        for text in listing.texts.all()
    )
    return "radio" if typed == "raido" and is_there else typed


def _in_box(listing: Listing, box: Box) -> bool:
    """As the map has it: what lies on the western or northern border is inside."""
    if not listing.is_local or not listing.point:
        return False
    west, north = to_map(Point(box.west, box.north))
    east, south = to_map(Point(box.east, box.south))
    x, y = to_map(listing.point)
    return west <= x < east and north <= y < south


def _is_asked_for(date, query: Query) -> bool:
    """Whether a date that is not over touches the days and times that are asked for."""
    start, end = query.span()
    return bool(
        date.ends_at >= max(start or timezone.now(), timezone.now())
        and (not end or date.starts_at < end)
        and (not query.time or _times(date) & set(query.time))
    )


def _times(date) -> set[str]:
    if date.ends_at - date.starts_at >= timedelta(days=1):
        return {"morning", "afternoon", "evening"}
    hour = timezone.localtime(date.starts_at).hour
    return {"morning" if hour < 12 else "afternoon" if hour < 18 else "evening"}


def in_slow_order(query: Query) -> list[int]:
    """The same, each with what it is put in order by."""
    chosen = [listing for listing in Listing.objects.all() if _fits(listing, query)]
    return [listing.pk for listing in sorted(chosen, key=lambda one: _turn(one, query))]


def _turn(listing: Listing, query: Query) -> tuple:
    since = max(query.span()[0] or timezone.now(), timezone.now())
    turns = [
        date.starts_at if date.starts_at >= since else date.ends_at
        for date in listing.occurrences.all()
        if _is_asked_for(date, query)
    ]
    turn = (min(turns) if turns else datetime.max.replace(tzinfo=UTC), listing.pk)
    if query.order == "distance":
        return (round(100 * distance_km(listing.point, query.point)), *turn)
    if query.order == "relevance":
        titles = [searchable(text.title, text.language).split() for text in listing.texts.all()]
        asked = words(_meant(query.q))
        begun = any(all(_has(title, word) for word in asked) for title in titles)
        whole = any(all(_is_in(title, word) for word in asked) for title in titles)
        return (0 if whole else 1 if begun else 2, *turn)
    return turn


def _is_in(title: list[str], word: str) -> bool:
    return word in title or bool(_forms(word) & set(title))


def _has(text: list[str], word: str) -> bool:
    forms = _forms(word)
    return any(one.startswith(word) or one in forms for one in text)


def _forms(word: str) -> set[str]:
    return {one for language in ("en", "es", "sl") for one in roots(word, language)}
