"""Who signs the badges, and the badge at the end of each line."""

from django.conf import settings
from django.contrib.auth.models import User

from example_site.demo import facts
from example_site.demo.loading.keys import key
from example_site.demo.loading.playlists import SEATS
from wagtail_col.badges.keys import active_key, site_issuer
from wagtail_col.badges.models import Achievement, AchievementText
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


def load_badges(by: User) -> dict[str, Achievement]:
    """The published badges by the short name of their line."""
    badges = {}
    for place in facts.PLACES:
        territory = Territory.objects.get(key=key("territory", SEATS[place]))
        for playlist in facts.playlists(place):
            badges[playlist.slug] = _load(playlist, territory, by)
    return badges


def _load(playlist: facts.Playlist, territory: Territory, by: User) -> Achievement:
    badge = playlist.badge
    achievement = Achievement(
        key=key("badge", playlist.slug),
        live=False,
        colour=playlist.colour,
        icon=badge.icon,
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
    achievement.save()
    achievement.save_revision(user=by).publish(user=by)
    return Achievement.objects.get(pk=achievement.pk)
