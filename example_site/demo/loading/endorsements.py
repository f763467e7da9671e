"""A second organisation that gives its own badge, and one that stands by a badge of the city."""

from django.contrib.auth.models import User
from django.utils import timezone

from example_site.demo.loading import texts
from example_site.demo.loading.keys import key
from wagtail_col.badges import endorsing
from wagtail_col.badges.keys import active_key
from wagtail_col.badges.models import Achievement, AchievementText, Issuer
from wagtail_col.pages.models import ProviderTeam


def load_second_issuer(by: User) -> Issuer:
    """A provider's own team makes and gives its badge."""
    about = texts.endorsements()["issuer"]
    issuer = Issuer.objects.create(
        slug=about["slug"],
        name=about["name"],
        email=about["email"],
        description=about["description"],
        team=ProviderTeam.objects.get(key=key("provider", about["slug"])).group,
    )
    active_key(issuer)
    badge = about["badge"]
    achievement = Achievement(
        key=key("badge", badge["slug"]),
        issuer=issuer,
        live=False,
        **{name: badge[name] for name in ("icon", "colour", "shape", "place")},
    )
    achievement.texts = [
        AchievementText(
            language=language,
            **{name: badge[name][language] for name in ("name", "description", "criteria")},
        )
        for language in badge["name"]
    ]
    achievement.save()
    achievement.save_revision(user=by).publish(user=by)
    return issuer


def load_endorsement(badges: dict[str, Achievement], by: User) -> None:
    """Asked by an editor and answered, as it goes; without the e-mails."""
    said = dict(texts.endorsements()["endorsement"])
    asked = endorsing.ask(badges[said.pop("of")], email=said.pop("email"), by=by, language="en")
    given = endorsing.give(asked, **said)
    given.emailed_at = given.told_at = timezone.now()
    given.save(update_fields=["emailed_at", "told_at"])
