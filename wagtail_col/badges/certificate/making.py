"""The certificate of an award, in the award's language."""

from __future__ import annotations

import io

import segno
from django.core.cache import cache
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from wagtail_col.badges import pictures
from wagtail_col.badges.addresses import absolute
from wagtail_col.badges.art.palette import LINES
from wagtail_col.badges.certificate.printing import (
    CannotPrintError,
    Certificate,
    Fact,
    Step,
    Words,
    print_pdf,
)
from wagtail_col.badges.models import Award, Share
from wagtail_col.badges.reasons import in_words, moment_of
from wagtail_col.badges.wording import how_it_was_shown
from wagtail_col.lines import LineColour
from wagtail_col.records import best_text

#: Certificates one learner gets in this many seconds.
MOST, WITHIN = 10, 60


class NoCertificate(Exception):
    """There is no certificate. ``code`` is for programs, the message for the learner.

    Codes: ``does-not-hold`` (taken back or suspended), ``letters`` (a character that cannot be
    printed), ``page`` (it did not come out), ``too-many`` (within a minute).
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def certificate_pdf(award: Award, share: Share, name: str) -> bytes:
    """The PDF for this learner's ``name``; its code leads to the page of ``share``.

    The name is printed and kept nowhere. Raises ``NoCertificate``.
    """
    if not may_have_one(award):
        raise NoCertificate(
            "does-not-hold",
            _("This badge was taken back or is suspended, so there is no certificate for it."),
        )
    _count(award)
    with translation.override(award.language):
        certificate = _certificate(award, share, name)
    picture = pictures.svg_of(award.achievement, award.language)
    try:
        return print_pdf(certificate, picture, _code(certificate.address), timezone.now())
    except CannotPrintError as error:
        if error.code == "letters":
            message = _(
                "The name has a character that cannot be printed here. Write it in another way."
            )
        else:
            message = _("The certificate could not be made. The badge is as it was; try again.")
        raise NoCertificate(error.code, message) from error


def may_have_one(award: Award) -> bool:
    return not award.is_revoked and not award.is_suspended


def _count(award: Award) -> None:
    """Refuse the next one of a learner who asked for many just now."""
    key = f"wagtail_col:certificates:{award.learner_id}"
    cache.add(key, 0, WITHIN)
    try:
        count = cache.incr(key)
    except ValueError:
        # It ran out in between.
        return
    if count > MOST:
        raise NoCertificate(
            "too-many", _("That were many certificates in a short time. Wait a minute.")
        )


def _certificate(award: Award, share: Share, name: str) -> Certificate:
    text = best_text(award.achievement.texts.all())
    because = award.because
    known = award.achievement.colour in LineColour.values
    line, _bright = LINES[award.achievement.colour if known else LineColour.TEAL.value]
    done = in_words({**because, "url": "", "steps": [], "badges": []})
    if award.narrative:
        done.append(award.narrative)
    return Certificate(
        language=award.language,
        line=line,
        who=name,
        name=text.name,
        description=text.description,
        criteria=text.criteria,
        issuer=award.issuer.name,
        done=tuple(done),
        steps=(
            *(_step(step) for step in because.get("steps", [])),
            *(Step(badge["name"] or badge["url"], "") for badge in because.get("badges", [])),
        ),
        facts=tuple(_facts(award)),
        address=absolute("shared", share.key),
        words=_words(text.name, name),
    )


def _step(step: dict) -> Step:
    moment = moment_of(step)
    how = str(how_it_was_shown(step["how"]))
    return Step(step["title"] or _("A step"), f"{how}, {_day(moment)}" if moment else how)


def _facts(award: Award) -> list[Fact]:
    facts = [
        Fact(_("Given by"), award.issuer.name),
        Fact(_("On"), _day(award.awarded_at)),
    ]
    if award.valid_until:
        label = _("Was valid until") if award.is_expired else _("Valid until")
        facts.append(Fact(label, _day(award.valid_until)))
    return facts


def _words(badge: str, name: str) -> Words:
    return Words(
        title=_("Certificate: %(badge)s, %(name)s") % {"badge": badge, "name": name},
        kind=_("Certificate"),
        earned=_("earned the badge"),
        criteria=_("How it is earned"),
        shown=_("How it was shown"),
        verify=_("Verify it at"),
        scan=_(
            "Scan the code or open the address to see the badge and to check that it is real. The "
            "page is there for as long as the learner shares it."
        ),
        picture=_("Badge: %s") % badge,
        code=_("QR code with the address below, to verify the badge"),
    )


def _day(moment) -> str:
    return formats.date_format(timezone.localdate(moment), "DATE_FORMAT")


def _code(address: str) -> bytes:
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False)
    return drawn.getvalue()
