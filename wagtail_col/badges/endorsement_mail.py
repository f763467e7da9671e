"""The e-mails of an endorsement: to whom is asked, and to who asked once it is given.

Each goes out once, now or when mail works again.
"""

from __future__ import annotations

from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wagtail_col.badges import keys, telling
from wagtail_col.badges.addresses import absolute, achievement_url, issuer_url
from wagtail_col.badges.endorsement_links import link
from wagtail_col.badges.endorsement_signing import name_of, subject_of
from wagtail_col.badges.models import Achievement, Award, Endorsement, Issuer
from wagtail_col.badges.texts import one_line


def ask(endorsement_id: int) -> bool:
    """Send the request, unless it was sent, answered or called off. Whether it went out now;
    raises what the mailer raises."""
    return _send(_unsent(), "emailed_at", endorsement_id, _request)


def tell(endorsement_id: int) -> bool:
    """Tell who asked that the endorsement stands, once. Raises what the mailer raises."""
    return _send(_untold(), "told_at", endorsement_id, _news)


def waiting() -> list[tuple[Any, int]]:
    """What mail that was down has left: functions and what to call them with."""
    recent = timezone.now() - telling.LATEST
    return [
        *((ask, pk) for pk in _pks(_unsent().filter(asked_at__gt=recent))),
        *((tell, pk) for pk in _pks(_untold().filter(given_at__gt=recent))),
    ]


def _unsent() -> QuerySet[Endorsement]:
    return Endorsement.objects.filter(
        emailed_at=None, given_at=None, declined_at=None, hidden_at=None, award__revoked_at=None
    )


def _untold() -> QuerySet[Endorsement]:
    return Endorsement.objects.filter(
        told_at=None, given_at__isnull=False, withdrawn_at=None, award__revoked_at=None
    )


def _pks(rows: QuerySet[Endorsement]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _send(rows: QuerySet[Endorsement], mark: str, pk: int, write: Any) -> bool:
    endorsement = (
        rows.select_related("achievement", "issuer", "award__achievement", "asked_by")
        .filter(pk=pk)
        .first()
    )
    if endorsement is None:
        return False
    # Taken first, so that two workers do not both send it.
    unmarked = Endorsement.objects.filter(pk=pk, **{mark: None})
    if not unmarked.update(**{mark: timezone.now()}):
        return False
    try:
        with translation.override(endorsement.language):
            message = write(endorsement)
            if message is not None:
                message.send()
    except BaseException:
        Endorsement.objects.filter(pk=pk).update(**{mark: None})
        raise
    return message is not None


def _request(endorsement: Endorsement) -> EmailMultiAlternatives:
    context = _context(endorsement)
    subject = _("Would you stand by “%s”?") % context["name"]
    context["url"] = f"{link(endorsement)}?lang={endorsement.language}"
    return telling.message("endorse", one_line(subject), context, endorsement.email)


def _news(endorsement: Endorsement) -> EmailMultiAlternatives | None:
    asker = endorsement.asked_by
    address = getattr(asker, asker.get_email_field_name(), "") if asker else ""
    if not address:
        return None
    context = _context(endorsement)
    values = {"who": one_line(endorsement.organisation), "name": context["name"]}
    subject = _("%(who)s stands by “%(name)s”") % values
    context["url"] = f"{_page(subject_of(endorsement))}?lang={endorsement.language}#endorsements"
    return telling.message("endorsed", one_line(subject), context, address)


def _context(endorsement: Endorsement) -> dict[str, Any]:
    thing = subject_of(endorsement)
    return {
        "endorsement": endorsement,
        "kind": kind_of(thing),
        "name": name_of(thing, endorsement.language),
        "language": endorsement.language,
        "site": one_line(keys.shown_issuer().name),
        "issuer": one_line(issuer_name_of(thing)),
    }


def kind_of(thing: Achievement | Issuer | Award) -> str:
    """``award``, ``achievement`` or ``issuer``."""
    return type(thing)._meta.model_name


def issuer_name_of(thing: Achievement | Issuer | Award) -> str:
    """The name of who gives the badge, or of the issuer itself."""
    if isinstance(thing, Issuer):
        return thing.name
    achievement = thing.achievement if isinstance(thing, Award) else thing
    return (achievement.issuer or keys.shown_issuer()).name


def _page(thing: Achievement | Issuer | Award) -> str:
    """Where an endorsement of it stands."""
    if isinstance(thing, Award):
        return absolute("badge", thing.key)
    return issuer_url(thing) if isinstance(thing, Issuer) else achievement_url(thing)
