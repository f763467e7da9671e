"""What needs a yes, and whether there is one: the one question other floors ask.

It works also where ``wagtail_col.people`` is not installed: then nobody is asked for their age.
"""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_col.people.consent_ages import consent_age


class Purpose(models.TextChoices):
    """What is optional."""

    SHARING = "sharing", gettext_lazy("show badges to others by a link, under a pseudonym")
    WALLETS = "wallets", gettext_lazy("let apps, such as badge wallets, fetch badges")
    NAMES = "names", gettext_lazy("tell course providers the name or e-mail address")
    EMAILS = "emails", gettext_lazy("get reminders and alerts by e-mail")
    CALENDARS = "calendars", gettext_lazy("let a calendar program read the dates")


def may(person: AbstractBaseUser, purpose: Purpose) -> bool:
    """Whether this is allowed for the person now. At most two queries.

    Who is below the age of consent needs a guardian's yes. Who has not said their age may
    nothing optional yet. On a site that asks nobody for their age everybody may.
    """
    if not apps.is_installed("wagtail_col.people") or consent_age() is None:
        return True
    band = _band(person)
    if band is None:
        return False
    return not band.is_under or _has_consent(person, purpose)


def has_to_say(person: AbstractBaseUser) -> bool:
    """Whether the site asks for ages and this person has not said theirs."""
    return consent_age() is not None and _band(person) is None


def why_not(person: AbstractBaseUser) -> str:
    """For the person to whom ``may`` says no: what to do, in the active language."""
    if _band(person) is None:
        return _("Say first how old you are: open “My data” and answer one question.")
    return _(
        "You need the yes of a parent or guardian for this. Open “My data” and ask them: they get "
        "an e-mail with a link."
    )


def pseudonym(person: AbstractBaseUser) -> str:
    """What to show in place of a name; empty: the person may show their own."""
    if not apps.is_installed("wagtail_col.people") or consent_age() is None:
        return ""
    band = _band(person)
    return band.pseudonym if band is not None and band.is_under else ""


def _band(person: AbstractBaseUser):
    # Not imported: the models are there only where the app is installed.
    return apps.get_model("col_people", "AgeBand").objects.filter(person_id=person.pk).first()


def _has_consent(person: AbstractBaseUser, purpose: Purpose) -> bool:
    model = apps.get_model("col_people", "GuardianConsent")
    given = model.objects.filter(child_id=person.pk).exclude(answered_at=None)
    # One or two rows; not every database can look into a list.
    return any(purpose.value in one for one in given.values_list("purposes", flat=True))
