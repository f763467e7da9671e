"""What a learner's badges come to: skills they show, badges that are nearly earned, one file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Prefetch, Q
from django.urls import reverse

from wagtail_col.badges.models import (
    Achievement,
    Award,
    Framework,
    ImportedBadge,
    ImportForm,
    Requirement,
)
from wagtail_col.badges.requirements import how_many
from wagtail_col.badges.shelving import ShelfItem, is_verified
from wagtail_col.language import lang_attribute
from wagtail_col.lines import LineColour
from wagtail_col.records import best_text

#: The line of each framework on the picture of skills.
COLOURS = {
    Framework.ESCO: LineColour.TEAL,
    Framework.DIGCOMP: LineColour.BLUE,
    Framework.LIFECOMP: LineColour.MAGENTA,
    Framework.OWN: LineColour.LEAF,
}

#: Stations of a small line.
MOST_STOPS = 20

#: What has to be prefetched of awards for ``skill_lines``.
SKILLS = "achievement__skills__skill__names"


@dataclass
class SkillStation:
    """A skill, and the badges that show it."""

    name: str
    lang: str
    badges: list[ShelfItem] = field(default_factory=list)


@dataclass
class SkillLine:
    """A framework with the skills that were shown of it: a line with its stations."""

    name: str
    colour: str
    stations: list[SkillStation] = field(default_factory=list)

    @property
    def stops(self) -> tuple[str, ...]:
        """As states of a small line; none when they are too many for one."""
        return ("done",) * len(self.stations) if len(self.stations) <= MOST_STOPS else ()


@dataclass(frozen=True)
class Collecting:
    """A badge that asks for others, of which the learner has some: ``have`` of ``needed``."""

    name: str
    lang: str
    url: str
    picture: str
    colour: str
    have: int
    needed: int
    missing: tuple[str, ...]

    @property
    def stops(self) -> tuple[str, ...]:
        """As states of a small line."""
        return ("done",) * self.have + ("open",) * (self.needed - self.have)


def skill_lines(shelf: Iterable[ShelfItem]) -> list[SkillLine]:
    """The skills that badges of this site show which hold now, by framework.

    No queries when ``SKILLS`` was prefetched.
    """
    lines: dict[str, SkillLine] = {}
    stations: dict[int, SkillStation] = {}
    for item in shelf:
        if not item.is_ours or not item.holds:
            continue
        for tagged in item.badge.achievement.skills.all():
            skill = tagged.skill
            text = best_text(skill.names.all())
            if text is None:
                continue
            if skill.pk not in stations:
                framework = Framework(skill.framework)
                line = lines.setdefault(
                    framework, SkillLine(str(framework.label), COLOURS[framework].value)
                )
                stations[skill.pk] = SkillStation(text.name, lang_attribute(text.language))
                line.stations.append(stations[skill.pk])
            stations[skill.pk].badges.append(item)
    return [lines[framework] for framework in Framework if framework in lines]


def collecting(learner: AbstractBaseUser, shelf: Iterable[ShelfItem]) -> list[Collecting]:
    """Badges under way because they ask for badges, of which the learner has at least one.

    A constant number of queries.
    """
    here = {item.badge.achievement_id for item in shelf if item.is_ours and item.holds}
    elsewhere = {
        item.badge.achievement_id
        for item in shelf
        if isinstance(item.badge, ImportedBadge) and is_verified(item.badge)
    } - {""}
    asking = (
        Achievement.objects.filter(
            Q(requirements__required__in=here) | Q(requirements__elsewhere__in=elsewhere),
            live=True,
        )
        .exclude(awards__learner=learner)
        .distinct()
        .prefetch_related(
            "texts",
            Prefetch(
                "requirements",
                Requirement.objects.select_related("required").prefetch_related("required__texts"),
            ),
        )
        .order_by("pk")
    )
    return [_collecting(achievement, here, elsewhere) for achievement in asking]


def _collecting(achievement: Achievement, here: set[int], elsewhere: set[str]) -> Collecting:
    text = achievement.text
    required = list(achievement.requirements.all())
    missing = [
        one
        for one in required
        if one.required_id not in here and not (one.elsewhere and one.elsewhere in elsewhere)
    ]
    needed = how_many(achievement.needed, len(required))
    return Collecting(
        name=text.name if text else "",
        lang=lang_attribute(text.language) if text else "",
        url=achievement.get_absolute_url(),
        picture=reverse("col_badges:achievement_svg", args=[achievement.key]),
        colour=achievement.colour,
        have=min(len(required) - len(missing), needed),
        needed=needed,
        missing=tuple(str(one) for one in missing),
    )


def everything(learner: AbstractBaseUser, at: datetime) -> str:
    """All badges of the learner in one JSON text, each exactly as it was signed or brought.

    ``{"made": ISO date-time, "awarded": [credential, …], "brought": [{"form", "badge"}, …]}``;
    a badge that was brought as a token is a text. Two queries.
    """
    awarded = Award.objects.filter(learner=learner).order_by("awarded_at", "pk")
    brought = ImportedBadge.objects.filter(learner=learner).order_by("imported_at", "pk")
    # The signed texts go in as they are: written anew they would no longer be the same bytes.
    credentials = ",\n".join(awarded.values_list("credential", flat=True))
    imported = ",\n".join(
        f'{{"form": {json.dumps(form)}, "badge": {_as_json(form, source)}}}'
        for form, source in brought.values_list("form", "source")
    )
    return (
        f'{{"made": {json.dumps(at.isoformat())},\n"awarded": [{credentials}],\n'
        f'"brought": [{imported}]}}\n'
    )


def _as_json(form: str, source: str) -> str:
    """Open Badges 2.0 comes in both forms as well."""
    if form == ImportForm.OB3_JWT:
        return json.dumps(source)
    try:
        json.loads(source)
    except ValueError:
        return json.dumps(source)
    return source
