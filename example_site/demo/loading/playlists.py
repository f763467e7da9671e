"""The lines: Madrid's in English, Ljubljana's in English and Slovene."""

from django.contrib.auth.models import User

from example_site.demo import facts
from example_site.demo.loading.keys import key
from example_site.demo.loading.pages import publish, translate
from wagtail_col.badges.models import Achievement
from wagtail_col.catalogue.models import Listing
from wagtail_col.pages.standard.models import PlaylistPage, PlaylistStep, TerritoryPage

#: Below which territory the lines of a place are.
SEATS = {"madrid": "madrid", "slovenia": "ljubljana"}

Territories = dict[tuple[str, str], TerritoryPage]


def load_playlists(
    territories: Territories,
    listings: dict[str, Listing],
    badges: dict[str, Achievement],
    by: User,
) -> dict[tuple[str, str], PlaylistPage]:
    """Playlist pages by (slug, language). ``listings``: by the ids that steps name.

    Madrid has the lessons on the web among its listings; elsewhere a step links the lesson.
    """
    courses = {course.id: course for course in facts.online_courses()}
    pages = {}
    for place in facts.PLACES:
        for row in facts.playlists(place):
            parent = territories[SEATS[place], "en"]
            known = listings if place == "madrid" else _without(listings, courses)
            page = PlaylistPage(
                title=row.title["en"],
                slug=row.slug,
                translation_key=key("playlist", row.slug),
                summary=row.summary["en"],
                line_name=row.line["en"],
                colour=row.colour,
                achievement=badges[row.slug],
            )
            page.steps = [
                _step(row, number, parent, known, courses) for number in range(len(row.steps))
            ]
            pages[row.slug, "en"] = publish(parent, page, by)
            for language in sorted(set(row.title) - {"en"}):
                pages[row.slug, language] = _translate(
                    pages[row.slug, "en"], row, language, territories[SEATS[place], language], by
                )
    return pages


def _without(listings: dict[str, Listing], courses: dict[str, object]) -> dict[str, Listing]:
    return {slug: listing for slug, listing in listings.items() if slug not in courses}


def _step(
    row: facts.Playlist,
    number: int,
    parent: TerritoryPage,
    listings: dict[str, Listing],
    courses: dict[str, facts.OnlineCourse],
) -> PlaylistStep:
    step = row.steps[number]
    groups = sorted({other.group for other in row.steps if other.group})
    listing = listings.get(step.opportunity or step.course)
    course = courses[step.course] if listing is None else None
    return PlaylistStep(
        translation_key=key("step", f"{row.slug}/{number}"),
        locale=parent.locale,
        sort_order=number,
        listing=listing,
        link=course.url if course else "",
        title=course.title if course else "",
        instruction=step.todo["en"],
        minutes=step.minutes,
        is_required=step.need != "optional",
        choice=groups.index(step.group) + 1 if step.group else None,
    )


def _translate(
    page: PlaylistPage, row: facts.Playlist, language: str, parent: TerritoryPage, by: User
) -> PlaylistPage:
    other = translate(
        page,
        parent.locale,
        by,
        title=row.title[language],
        summary=row.summary[language],
        line_name=row.line[language],
    )
    steps = list(other.steps.all())
    for step, said in zip(steps, row.steps, strict=True):
        step.instruction = said.todo[language]
    other.steps = steps
    other.save_revision(user=by).publish(user=by)
    return other
