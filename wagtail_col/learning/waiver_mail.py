"""The e-mail that says that an organiser has answered about a step. It goes out once, now or when
mail works again. What the organiser wrote is not in it: it is behind the log-in."""

from __future__ import annotations

from datetime import timedelta

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wagtail_col.badges.texts import one_line
from wagtail_col.conf import base_url, settings
from wagtail_col.learning.models import Waiver, WaiverState
from wagtail_col.learning.steps import title_of

#: Older news is none.
LATEST = timedelta(days=14)


def tell(waiver_id: int) -> bool:
    """Send the e-mail unless it was sent. Whether it went out now; raises what mail raises."""
    waiver = _to_tell().filter(pk=waiver_id).first()
    if waiver is None:
        return False
    address = getattr(waiver.learner, waiver.learner.get_email_field_name(), "")
    # Taken first, so that two workers do not both send it.
    mine = Waiver.objects.filter(pk=waiver.pk, emailed_at=None).update(emailed_at=timezone.now())
    if not address or not mine:
        return False
    try:
        with translation.override(waiver.language):
            _message(waiver, address).send()
    except BaseException:
        Waiver.objects.filter(pk=waiver.pk).update(emailed_at=None)
        raise
    return True


def waiting() -> list[int]:
    """Answers whose learners have not been told, because mail was down."""
    recent = _to_tell().filter(decided_at__gt=timezone.now() - LATEST)
    return list(recent.order_by("decided_at").values_list("pk", flat=True))


def _to_tell():
    return (
        Waiver.objects.filter(emailed_at=None)
        .exclude(state=WaiverState.WAITING)
        .select_related("learner", "step__listing", "step__playlist")
    )


def _message(waiver: Waiver, address: str) -> EmailMultiAlternatives:
    name = one_line(title_of(waiver.step))
    path = reverse("col_learning:instead", args=[waiver.step.key])
    context = {
        "name": name,
        "granted": waiver.state == WaiverState.GRANTED,
        "language": waiver.language,
        "url": f"{base_url()}{path}?lang={waiver.language}",
    }
    made = EmailMultiAlternatives(
        subject=one_line(_("The organiser has answered about “%s”") % name),
        body=render_to_string("wagtail_col/learning/email/waiver.txt", context).strip() + "\n",
        from_email=settings.FROM_EMAIL,
        to=[address],
    )
    made.attach_alternative(
        render_to_string("wagtail_col/learning/email/waiver.html", context), "text/html"
    )
    return made
