"""The e-mail that says a badge was earned. It goes out once, now or when mail works again."""

from __future__ import annotations

from datetime import timedelta

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wagtail_col.badges.addresses import absolute
from wagtail_col.badges.models import Award
from wagtail_col.badges.texts import one_line
from wagtail_col.conf import settings
from wagtail_col.language import lang_attribute
from wagtail_col.records import best_text

#: Older news is none.
LATEST = timedelta(days=14)


def tell(award_id: int) -> bool:
    """Send the e-mail unless it was sent. Whether it went out now; raises what the mailer raises.

    Nothing is sent for an award that is gone or taken back, or to a learner without an address.
    """
    award = (
        Award.objects.select_related("achievement", "learner")
        .filter(pk=award_id, emailed_at=None, revoked_at=None)
        .first()
    )
    if award is None:
        return False
    learner = award.learner
    address = getattr(learner, learner.get_email_field_name(), "")
    # Taken first, so that two workers do not both send it.
    mine = Award.objects.filter(pk=award.pk, emailed_at=None).update(emailed_at=timezone.now())
    if not address or not mine:
        return False
    try:
        with translation.override(award.language):
            _message(award, address).send()
    except BaseException:
        Award.objects.filter(pk=award.pk).update(emailed_at=None)
        raise
    return True


def waiting() -> list[int]:
    """Awards whose learners have not been told, because mail was down when they were given."""
    recent = Award.objects.filter(
        emailed_at=None, revoked_at=None, awarded_at__gt=timezone.now() - LATEST
    )
    return list(recent.order_by("awarded_at").values_list("pk", flat=True))


def _message(award: Award, address: str) -> EmailMultiAlternatives:
    text = best_text(award.achievement.texts.all())
    context = {
        "award": award,
        "name": one_line(text.name),
        "text": text,
        "text_lang": lang_attribute(text.language),
        "language": award.language,
        "url": absolute("badge", award.key) + f"?lang={award.language}",
        "picture": absolute("achievement_png", award.achievement.key),
        "title": award.because.get("title", ""),
    }
    message = EmailMultiAlternatives(
        subject=one_line(_("You earned a badge: %s") % context["name"]),
        body=render_to_string("wagtail_col/badges/email/earned.txt", context).strip() + "\n",
        from_email=settings.FROM_EMAIL,
        to=[address],
    )
    message.attach_alternative(
        render_to_string("wagtail_col/badges/email/earned.html", context), "text/html"
    )
    return message
