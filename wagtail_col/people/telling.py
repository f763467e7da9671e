"""The e-mail that asks a guardian."""

from __future__ import annotations

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from wagtail_col.conf import base_url, settings
from wagtail_col.people.consent_ages import consent_age
from wagtail_col.people.guardian_links import link_of, name_of
from wagtail_col.people.models import GuardianConsent


def guardian_message(consent: GuardianConsent) -> EmailMultiAlternatives:
    """In the active language, as text and HTML."""
    context = {
        "child": name_of(consent.child),
        "site": base_url(),
        "age": consent_age(),
        "url": link_of(consent.guardian),
        "language": consent.guardian.language,
    }
    folder = "wagtail_col/people/email"
    made = EmailMultiAlternatives(
        subject=_("A child asks for your permission"),
        body=render_to_string(f"{folder}/guardian.txt", context).strip() + "\n",
        from_email=settings.FROM_EMAIL,
        to=[consent.guardian.email],
    )
    made.attach_alternative(render_to_string(f"{folder}/guardian.html", context), "text/html")
    return made
