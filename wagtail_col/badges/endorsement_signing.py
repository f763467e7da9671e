"""What an endorsement says when it is signed, and the identity that signs it.

An endorser has no account and no key. This site keeps a DID for each of them, signs with its key,
and says so: in the document, and wherever the endorsement is shown.
"""

from __future__ import annotations

import json
import secrets
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from wagtail_col.badges import keys, statuslists
from wagtail_col.badges.addresses import absolute, achievement_url, did_of, status_list_url
from wagtail_col.badges.certifying import profile_of
from wagtail_col.badges.models import Achievement, Award, Endorsement, Issuer
from wagtail_col.badges.openbadges import endorsement as endorsements
from wagtail_col.badges.openbadges import status
from wagtail_col.badges.texts import one_line, signable
from wagtail_col.records import best_text

#: How the short name of an endorser's DID begins; no issuer's of the site does.
PREFIX = "endorser-"


def subject_of(endorsement: Endorsement) -> Achievement | Issuer | Award:
    """What is endorsed."""
    return endorsement.award or endorsement.achievement or endorsement.issuer


def domain_of(email: str) -> str:
    """The part of the address that is shown: it says whose mail server confirmed it."""
    return email.rpartition("@")[2].lower()


def name_of(thing: Achievement | Issuer | Award, language: str = "") -> str:
    """What is endorsed, on one line, in ``language`` or the active one."""
    if isinstance(thing, Issuer):
        return one_line(thing.name)
    achievement = thing.achievement if isinstance(thing, Award) else thing
    text = best_text(achievement.texts.all(), language) if language else achievement.text
    return one_line(text.name) if text else str(achievement.key)


def endorser_of(endorsement: Endorsement) -> Issuer:
    """The identity that signs: made anew, or the one the same address has used for the same
    organisation. Inside a transaction."""
    known = (
        Issuer.objects.filter(
            is_endorser=True,
            name=endorsement.organisation,
            url=endorsement.website,
            given_endorsements__email=endorsement.email,
        )
        .order_by("pk")
        .first()
    )
    return known or Issuer.objects.create(
        slug=PREFIX + secrets.token_hex(8),
        name=endorsement.organisation,
        url=endorsement.website,
        is_endorser=True,
    )


def sign(endorsement: Endorsement, now: datetime) -> None:
    """Set endorser, place in its list, and signed bytes. Inside a transaction; not saved.

    Raises ``openbadges.errors.OpenBadgesError`` and ``keys.SigningKeyUnreadable``.
    """
    endorsement.endorser = endorser_of(endorsement)
    listed, index = statuslists.free_place(endorsement.endorser, now)
    endorsement.status_list, endorsement.status_index = listed, index
    document = unsigned(endorsement, now)
    endorsement.credential = statuslists.as_bytes(keys.sign(document, endorsement.endorser, now))


def unsigned(endorsement: Endorsement, now: datetime) -> dict:
    """The EndorsementCredential before it is signed. No learner's name is in it."""
    with translation.override(endorsement.language):
        return endorsements.build(
            absolute("endorsement", endorsement.key),
            endorser=endorsements.Endorser(
                profile_of(endorsement.endorser), official=one_line(endorsement.person)
            ),
            of=_identifier(subject_of(endorsement)),
            comment=signable(endorsement.comment),
            name=_title(subject_of(endorsement), endorsement.language),
            description=signed_for(endorsement),
            valid_from=now,
            status=status.entry(status_list_url(endorsement.status_list), endorsement.status_index),
        )


def signed_for(endorsement: Endorsement) -> str:
    """Who signed it for whom, and how the site knows: in the active language."""
    return _(
        "%(site)s signed this for %(organisation)s. Somebody who reads mail at %(domain)s "
        "confirmed it by a link in an e-mail."
    ) % {
        "site": one_line(keys.shown_issuer().name),
        "organisation": one_line(endorsement.organisation),
        "domain": domain_of(endorsement.email),
    }


def _title(thing: Achievement | Issuer | Award, language: str) -> str:
    name = name_of(thing, language)
    if isinstance(thing, Award):
        return _("Endorsement of the badge “%s” of one learner") % name
    if isinstance(thing, Achievement):
        return _("Endorsement of the badge “%s”") % name
    return _("Endorsement of %s") % name


def _identifier(thing: Achievement | Issuer | Award) -> str:
    if isinstance(thing, Award):
        # The one inside the signed badge, whatever address the site has by now.
        return json.loads(thing.credential)["id"]
    return did_of(thing) if isinstance(thing, Issuer) else achievement_url(thing)
