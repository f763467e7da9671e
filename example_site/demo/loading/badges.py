"""Who signs the badges, the badge at the end of each line, and one for several of these."""

from django.conf import settings
from django.contrib.auth.models import User

from example_site.demo import facts
from example_site.demo.loading.keys import key
from example_site.demo.loading.playlists import SEATS
from wagtail_col.badges import skills
from wagtail_col.badges.keys import active_key, site_issuer
from wagtail_col.badges.models import (
    Achievement,
    AchievementSkill,
    AchievementText,
    Requirement,
    Skill,
    SkillName,
)
from wagtail_col.catalogue.models import Territory


def load_issuer() -> None:
    """The site itself signs; its key is made now, so that nobody waits for it later."""
    issuer = site_issuer()
    issuer.name = "City of Madrid (demo)"
    issuer.url = f"{settings.BASE_URL}/"
    issuer.email = "learning@example.org"
    issuer.description = "The Learning City of this demonstration. The real city has no part in it."
    issuer.save()
    active_key(issuer)


def load_skills() -> dict[str, Skill]:
    """The shipped frameworks and the site's own skills; those that badges name, by English name."""
    skills.load()
    own = [Skill() for _ in facts.own_skills()]
    for skill, names in zip(own, facts.own_skills(), strict=True):
        skill.names = [SkillName(language=language, name=name) for language, name in names.items()]
        skill.save()
    return {
        name.name: name.skill
        for name in SkillName.objects.filter(language="en").select_related("skill")
    }


def load_badges(by: User) -> dict[str, Achievement]:
    """The published badges by the short name of their line, or their own."""
    badges = {}
    known = load_skills()
    for place in facts.PLACES:
        territory = Territory.objects.get(key=key("territory", SEATS[place]))
        for playlist in facts.playlists(place):
            badges[playlist.slug] = _load(
                playlist.slug, playlist.colour, playlist.badge, territory, known, by
            )
    for badge in facts.badges_of_badges():
        territory = Territory.objects.get(key=key("territory", SEATS[badge.place]))
        required = [badges[slug] for slug in badge.badges]
        badges[badge.slug] = _load(
            badge.slug, badge.colour, badge.badge, territory, known, by, required, badge.needed
        )
    return badges


def _load(
    slug: str,
    colour: str,
    badge: facts.Badge,
    territory: Territory,
    known: dict[str, Skill],
    by: User,
    required: list[Achievement] = (),
    needed: int | None = None,
) -> Achievement:
    achievement = Achievement(
        key=key("badge", slug),
        live=False,
        shape=badge.shape,
        colour=colour,
        icon=badge.icon,
        level=badge.level,
        needed=needed,
        place=territory.text.name,
        # The outer ring of each part of the city.
        outline=[polygon[0] for polygon in territory.boundary["coordinates"]],
    )
    achievement.texts = [
        AchievementText(
            language=language,
            name=badge.name[language],
            description=badge.description[language],
            criteria=badge.criteria[language],
        )
        for language in badge.name
    ]
    achievement.skills = [AchievementSkill(skill=known[name]) for name in badge.skills]
    achievement.requirements = [Requirement(required=one) for one in required]
    achievement.save()
    achievement.save_revision(user=by).publish(user=by)
    return Achievement.objects.get(pk=achievement.pk)
