"""What the page of an achievement says beside its texts: skills, level, what it asks for, how long
it is valid, what can be sent in for it."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wagtail_col.badges import earning
from wagtail_col.badges.models import Achievement, Assessment, Award, Level, Requirement
from wagtail_col.badges.requirements import how_many
from wagtail_col.badges.skills import FRAMEWORKS, address_of
from wagtail_col.language import lang_attribute
from wagtail_col.records import best_text

_SENT_IN = {
    Assessment.ORGANISER: gettext_lazy(
        "You can send in what shows it: a text, a photo or a file. The organiser looks at it."
    ),
    Assessment.PEER: gettext_lazy(
        "You can send in what shows it: a text, a photo or a file. Somebody who has this badge "
        "looks at it."
    ),
    Assessment.SELF: gettext_lazy("You can assess yourself, with some words about what you did."),
}


class Stop(NamedTuple):
    """One of the badges that are asked for. ``is_here``: a badge of this site that is published,
    with a page and a picture; ``lang`` when its name is in another language than the page."""

    name: str
    lang: str
    url: str
    picture_of: Any
    is_here: bool
    is_held: bool


class Route(NamedTuple):
    """The badges that a badge asks for, and how far the learner who looks has come."""

    stops: list[Stop]
    needed: int
    #: None: nobody is logged in.
    held: int | None
    has_badge: bool

    @property
    def says(self) -> str:
        """What is asked for, in words."""
        if self.needed == len(self.stops):
            return ngettext(
                "You get this badge by itself when you have this badge:",
                "You get this badge by itself when you have all of these badges:",
                self.needed,
            )
        return ngettext(
            "You get this badge by itself when you have %(needed)s of these %(there)s badges:",
            "You get this badge by itself when you have any %(needed)s of these %(there)s badges:",
            self.needed,
        ) % {"needed": self.needed, "there": len(self.stops)}

    @property
    def standing(self) -> str:
        """How far the learner is, in words; "" for nobody."""
        if self.held is None:
            return ""
        if self.has_badge:
            return _("You have this badge.")
        return _("You have %(held)s of %(needed)s.") % {
            "held": min(self.held, self.needed),
            "needed": self.needed,
        }


def values(achievement: Achievement, learner: AbstractBaseUser | None) -> dict[str, Any]:
    """For the page; ``learner`` is who looks, None for nobody. What depends on the learner is in
    ``route`` alone. Constant queries when ``skills__skill__names`` was prefetched."""
    return {**of_draft(achievement), "route": route(achievement, learner)}


def of_draft(achievement: Achievement) -> dict[str, Any]:
    """What can be said of an achievement that is not saved, too."""
    return {
        "skills": _skills(achievement),
        "level": Level(achievement.level).label if achievement.level in Level.values[1:] else "",
        "lasts": _lasts(achievement.lasts_months),
        "sent_in": _SENT_IN.get(achievement.assessment, ""),
    }


def route(achievement: Achievement, learner: AbstractBaseUser | None) -> Route | None:
    """The badges it asks for, or None when it asks for none."""
    standing = earning.standing(achievement, learner)
    if not standing:
        return None
    stops = [_stop(one.requirement, one.is_held) for one in standing]
    return Route(
        stops=stops,
        needed=how_many(achievement.needed, len(stops)),
        held=sum(stop.is_held for stop in stops) if learner is not None else None,
        has_badge=learner is not None
        and Award.objects.filter(
            achievement=achievement, learner=learner, revoked_at=None
        ).exists(),
    )


def _stop(requirement: Requirement, is_held: bool) -> Stop:
    asked = requirement.required
    if asked is None:
        return Stop(str(requirement), "", requirement.elsewhere, None, False, is_held)
    text = best_text(asked.texts.all())
    return Stop(
        name=text.name if text else "",
        lang=lang_attribute(text.language) if text else "",
        url=asked.get_absolute_url() if asked.live else "",
        picture_of=asked.key if asked.live else None,
        is_here=asked.live,
        is_held=is_held,
    )


def _skills(achievement: Achievement) -> list[dict[str, str]]:
    found = []
    for tagged in sorted(achievement.skills.all(), key=lambda one: one.pk or 0):
        name = best_text(tagged.skill.names.all())
        if name:
            found.append(
                {
                    "name": name.name,
                    "lang": lang_attribute(name.language),
                    "url": address_of(tagged.skill),
                    "framework": FRAMEWORKS.get(tagged.skill.framework, ""),
                }
            )
    return found


def _lasts(months: int | None) -> str:
    if not months:
        return ""
    if months % 12 == 0:
        years = months // 12
        return ngettext("%s year", "%s years", years) % years
    return ngettext("%s month", "%s months", months) % months
