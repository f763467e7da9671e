"""The e-mail that says a badge was earned. It goes out once, now or when mail works again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from wagtail_col.badges import reasons
from wagtail_col.badges.addresses import absolute
from wagtail_col.badges.models import Award
from wagtail_col.badges.texts import one_line
from wagtail_col.conf import settings
from wagtail_col.language import lang_attribute
from wagtail_col.records import best_text

#: Older news is none.
LATEST = timedelta(days=14)
#: After so many failures in a row it is the mail server, and not an address.
PATIENCE = 3


def tell(award_id: int) -> bool:
    """Send the e-mail unless it was sent. Whether it went out now; raises what the mailer raises.

    Nothing is sent for an award that is gone or taken back, or to a learner without an address.
    """
    award = (
        Award.objects.select_related("achievement", "learner", "status_list__issuer")
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


def tell_all(award_ids: Iterable[int]) -> int:
    """The same for many; how many went out."""
    return send_all(tell, award_ids)


@task()
def tell_learners(award_ids: list[int]) -> int:
    """Send the e-mails about these awards. How many went out now."""
    return tell_all(award_ids)


def tell_after_commit(award_ids: list[int]) -> None:
    """Have the learners told once all of this is certain."""

    def tell() -> None:
        tell_learners.enqueue(award_ids)

    # Robust: a queue that is down must not undo what was earned.
    transaction.on_commit(tell, robust=True)


def send_all(send: Callable[[int], bool], ids: Iterable[int]) -> int:
    """``send`` each; how many went out. Gives up when several in a row fail.

    An address that is refused does not keep the others from their news. Raises the last thing
    the mailer raised: who was not told then is told by ``send_badge_emails``.
    """
    sent = failures = 0
    error: Exception | None = None
    for one in ids:
        try:
            sent += send(one)
            failures = 0
        except Exception as raised:  # The mail server's errors are of every kind.
            error, failures = raised, failures + 1
            if failures == PATIENCE:
                break
    if error is not None:
        raise error
    return sent


def waiting() -> list[int]:
    """Awards whose learners have not been told, because mail was down when they were given."""
    recent = Award.objects.filter(
        emailed_at=None, revoked_at=None, awarded_at__gt=timezone.now() - LATEST
    )
    return list(recent.order_by("awarded_at", "pk").values_list("pk", flat=True))


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
        "why": reasons.in_words(award.because)[0],
        "narrative": award.narrative,
        "valid_until": award.valid_until,
        "issuer": award.issuer.name,
    }
    if award.past_editions.exists():
        context["heading"] = _("Your badge “%s” was renewed.") % context["name"]
        subject = _("Your badge was renewed: %s")
    else:
        context["heading"] = _("Well done! You earned the badge “%s”.") % context["name"]
        subject = _("You earned a badge: %s")
    return message("earned", one_line(subject % context["name"]), context, address)


def message(
    template: str, subject: str, context: dict[str, Any], address: str
) -> EmailMultiAlternatives:
    """An e-mail as text and HTML from the templates of that name, in the active language."""
    folder = "wagtail_col/badges/email"
    made = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"{folder}/{template}.txt", context).strip() + "\n",
        from_email=settings.FROM_EMAIL,
        to=[address],
    )
    made.attach_alternative(render_to_string(f"{folder}/{template}.html", context), "text/html")
    return made
