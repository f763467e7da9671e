"""Two children under age with one guardian, who has answered for one of them."""

from django.contrib.auth.models import User
from django.utils import timezone, translation

from wagtail_col.people import guarding
from wagtail_col.people.consent_ages import consent_age
from wagtail_col.people.may import Purpose
from wagtail_col.people.models import Guardian, GuardianConsent

GUARDIAN = "carmen@example.org"


def load_family(people: dict[str, User]) -> None:
    """Leo's guardian said yes to some of it, and has not looked at what Zoe asks.

    The e-mails to the guardian are left out; the command says the link.
    """
    with translation.override("en"):
        guardian = guarding.guardian_at(GUARDIAN)
    leo, _zoe = (
        GuardianConsent.objects.create(
            guardian=guardian, child=people[name], asked_at=timezone.now()
        )
        for name in ("leo", "zoe")
    )
    guarding.allow(leo, {Purpose.SHARING, Purpose.EMAILS})


def guardians_link() -> str:
    """Empty where the site asks nobody for their age, or the guardian is gone."""
    guardian = Guardian.objects.filter(email=GUARDIAN).first()
    return guarding.link_of(guardian) if guardian and consent_age() else ""
