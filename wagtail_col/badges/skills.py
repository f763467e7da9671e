"""Skills: what a badge says about them, and loading the frameworks that this package ships."""

from __future__ import annotations

import json
from pathlib import Path

from django.db import transaction

from wagtail_col.badges.addresses import absolute
from wagtail_col.badges.models import Framework, Skill, SkillName
from wagtail_col.badges.openbadges.credential import Alignment
from wagtail_col.badges.texts import one_line
from wagtail_col.records import best_text

DATA = Path(__file__).parent / "data"
#: The order counts: a skill that two frameworks share belongs to the first.
SHIPPED = (Framework.DIGCOMP, Framework.ESCO, Framework.LIFECOMP)

#: What credentials call the frameworks, in every language.
FRAMEWORKS = {
    Framework.ESCO: "ESCO",
    Framework.DIGCOMP: "DigComp",
    Framework.LIFECOMP: "LifeComp",
}
#: Open Badges names target types for two American registries only and lets others extend them.
TARGET_TYPE = "ext:Skill"


def address_of(skill: Skill) -> str:
    """What identifies the skill everywhere: its address in the framework, or its page here."""
    return skill.uri or absolute("skill", skill.pk)


def name_of(skill: Skill, language: str | None = None) -> str:
    """Its name in ``language`` (the active one) or the nearest; "" when it has none."""
    text = best_text(skill.names.all(), language)
    return one_line(text.name) if text else ""


def alignments_of(achievement, language: str) -> tuple[Alignment, ...]:
    """The skills of an achievement as its credential names them, in ``language``.

    Skills without a name are left out. No queries of its own when ``skills__skill__names`` was
    prefetched.
    """
    found = []
    for tagged in sorted(achievement.skills.all(), key=lambda one: one.pk or 0):
        skill = tagged.skill
        if name := name_of(skill, language):
            found.append(
                Alignment(
                    target_name=name,
                    target_url=address_of(skill),
                    target_framework=FRAMEWORKS.get(skill.framework, ""),
                    target_code=one_line(skill.code),
                    target_type=TARGET_TYPE,
                )
            )
    return tuple(found)


@transaction.atomic
def load() -> int:
    """Write the shipped frameworks into the database; how many skills are new.

    What is there already stays as it is, with the names that editors gave it. Call it as often
    as you like.
    """
    known = set(Skill.objects.exclude(uri="").values_list("uri", flat=True))
    names: dict[str, dict[str, str]] = {}
    new = []
    for framework in SHIPPED:
        for row in json.loads((DATA / f"{framework.value}.json").read_text(encoding="utf-8")):
            if row["uri"] not in known:
                known.add(row["uri"])
                names[row["uri"]] = row["names"]
                new.append(Skill(framework=framework, code=row["code"], uri=row["uri"]))
    Skill.objects.bulk_create(new)
    made = Skill.objects.filter(uri__in=names)
    SkillName.objects.bulk_create(
        SkillName(skill=skill, language=language, name=name)
        for skill in made
        for language, name in names[skill.uri].items()
    )
    return len(new)
