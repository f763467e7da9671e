"""The e-mail that says that something was sent back. It goes out once, now or when mail works
again. What the reviewer wrote is not in it: it is for the learner alone, behind the log-in."""

from __future__ import annotations

from datetime import timedelta

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wagtail_col.badges.texts import one_line
from wagtail_col.conf import base_url, settings
from wagtail_col.learning.models import ReviewState, Submission
from wagtail_col.records import best_text

#: Older news is none.
LATEST = timedelta(days=14)


def tell(submission_id: int) -> bool:
    """Send the e-mail unless it was sent. Whether it went out now; raises what the mailer raises.

    Nothing is sent to a learner without an address, nor once they have sent it in again.
    """
    submission = (
        Submission.objects.select_related("achievement", "learner")
        .filter(pk=submission_id, **_TO_TELL)
        .first()
    )
    if submission is None:
        return False
    learner = submission.learner
    address = getattr(learner, learner.get_email_field_name(), "")
    # Taken first, so that two workers do not both send it.
    mine = Submission.objects.filter(pk=submission.pk, emailed_at=None).update(
        emailed_at=timezone.now()
    )
    if not address or not mine:
        return False
    try:
        with translation.override(submission.language):
            _message(submission, address).send()
    except BaseException:
        Submission.objects.filter(pk=submission.pk).update(emailed_at=None)
        raise
    return True


def waiting() -> list[int]:
    """Submissions whose learners have not been told, because mail was down."""
    recent = Submission.objects.filter(reviewed_at__gt=timezone.now() - LATEST, **_TO_TELL)
    return list(recent.order_by("reviewed_at").values_list("pk", flat=True))


_TO_TELL = {"state": ReviewState.REFUSED, "emailed_at": None, "followed_by": None}


def _message(submission: Submission, address: str) -> EmailMultiAlternatives:
    text = best_text(submission.achievement.texts.all())
    name = one_line(text.name) if text else ""
    path = reverse("col_learning:evidence")
    context = {
        "name": name,
        "language": submission.language,
        "url": f"{base_url()}{path}?lang={submission.language}",
    }
    made = EmailMultiAlternatives(
        subject=one_line(_("Something is missing for the badge “%s”") % name),
        body=render_to_string("wagtail_col/learning/email/sent_back.txt", context).strip() + "\n",
        from_email=settings.FROM_EMAIL,
        to=[address],
    )
    made.attach_alternative(
        render_to_string("wagtail_col/learning/email/sent_back.html", context), "text/html"
    )
    return made
