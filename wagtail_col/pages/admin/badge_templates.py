"""Badges to start from: whoever has no graphics program and little time changes a few words."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wagtail_col.badges.models import Achievement, AchievementText, Assessment, BadgeShape
from wagtail_col.conf import languages
from wagtail_col.lines import LineColour


class BadgeTemplate(NamedTuple):
    """``title`` and ``explanation`` are for editors, the three texts stand on the badge."""

    slug: str
    title: str | Promise
    explanation: str | Promise
    shape: str
    colour: str
    icon: str
    name: str | Promise
    description: str | Promise
    criteria: str | Promise
    assessment: str = Assessment.NONE


TEMPLATES = (
    BadgeTemplate(
        "took-part",
        _("Took part"),
        _("For everybody who came to an event or a workshop."),
        BadgeShape.ROUND,
        LineColour.TEAL,
        "star",
        _("Was there"),
        _("Took part in … and knows what it is about."),
        _("Came to the event and stayed to the end. The organiser’s code shows it."),
    ),
    BadgeTemplate(
        "skill",
        _("Skill shown"),
        _("For somebody who showed that they can do something."),
        BadgeShape.HEXAGON,
        LineColour.CORAL,
        "making",
        _("Can do it"),
        _("Can … on their own."),
        _("Did … and showed it to the organiser."),
        Assessment.ORGANISER,
    ),
    BadgeTemplate(
        "course",
        _("Course finished"),
        _("For the end of a course or of a playlist."),
        BadgeShape.SHIELD,
        LineColour.BLUE,
        "books",
        _("Course finished"),
        _("Knows … and can use it."),
        _("Did all parts of the course and passed its test."),
    ),
    BadgeTemplate(
        "volunteer",
        _("Volunteer"),
        _("For help that somebody gave others."),
        BadgeShape.ROUND,
        LineColour.LEAF,
        "community",
        _("Volunteer"),
        _("Helped others with … and can be relied on."),
        _("Helped for at least … hours. The organiser was there."),
    ),
    BadgeTemplate(
        "badges",
        _("Badge of badges"),
        _("Given by itself to whoever has some other badges."),
        BadgeShape.SQUARE,
        LineColour.VIOLET,
        "history",
        _("All together"),
        _("Has shown several things that belong together: …"),
        _("Has earned the badges that are listed here."),
    ),
)


def find(slug: str) -> BadgeTemplate | None:
    return next((one for one in TEMPLATES if one.slug == slug), None)


def texts_with_gaps() -> set[str]:
    """What templates say with a “…” in it, in the editor's language: to be filled in."""
    said = (str(text) for one in TEMPLATES for text in (one.description, one.criteria))
    return {text for text in said if "…" in text}


def begun(template: BadgeTemplate) -> Achievement:
    """A badge that is not saved, filled in from the template in the editor's language."""
    codes = languages()
    active = get_language() or ""
    language = next(
        (code for code in (active, active.split("-")[0]) if code in codes), next(iter(codes))
    )
    achievement = Achievement(
        shape=template.shape,
        colour=template.colour,
        icon=template.icon,
        assessment=template.assessment,
    )
    achievement.texts = [
        AchievementText(
            language=language,
            name=str(template.name),
            description=str(template.description),
            criteria=str(template.criteria),
        )
    ]
    return achievement
