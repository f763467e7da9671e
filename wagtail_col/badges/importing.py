"""Badges that learners bring from elsewhere: checked, marked as what the check came to, and kept
as they came."""

from __future__ import annotations

import base64
import binascii
import logging
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import unquote_to_bytes

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wagtail_col.badges import earning
from wagtail_col.badges.addresses import is_did_of_this_site
from wagtail_col.badges.foreign import Web
from wagtail_col.badges.models import Erased, ImportedBadge, ImportForm, Picture
from wagtail_col.badges.openbadges.checks import Report
from wagtail_col.badges.openbadges.controllers import is_same_origin
from wagtail_col.badges.openbadges.errors import OpenBadgesError, UnavailableError
from wagtail_col.badges.openbadges.reading import Form, is_address, is_picture, text_inside
from wagtail_col.badges.openbadges.recipient import check_recipient
from wagtail_col.badges.uploads.cleaning import Cleaned, clean
from wagtail_col.badges.uploads.refusing import NotAPicture
from wagtail_col.badges.verifying import MOST_HOPS, Verdict, verdict, verify_anything
from wagtail_col.badges.wording import check_in_words, reason_in_words
from wagtail_col.confirmed_emails import confirmed_emails
from wagtail_col.fetching import says_short

logger = logging.getLogger(__name__)

#: Badges from elsewhere that one learner keeps here.
MOST_BADGES = 500
#: Of a picture inside a badge class (``data:``), as text.
MOST_INLINE = 400_000

_FORMS = {
    Form.OB3_JSON: ImportForm.OB3_JSON,
    Form.OB3_JWT: ImportForm.OB3_JWT,
    Form.OB2_HOSTED: ImportForm.OB2,
    Form.OB2_SIGNED: ImportForm.OB2,
}


class NotImportable(Exception):
    """This badge is not kept. ``code`` is for programs, the message for the learner.

    Codes: ``unreadable`` (there is no badge in it), ``false`` (it was changed, or is not signed),
    ``ours`` (a badge of this site), ``endorsement`` (about a badge, not one), ``not-fetched``
    (its address gave nothing), ``too-many`` (``MOST_BADGES``), ``weaker`` (the one that is kept
    was checked, and this one cannot be).
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class _Checked:
    """A badge with what its check came to, before anything is written."""

    text: str
    report: Report
    verdict: Verdict
    is_own: bool | None
    picture: Cleaned | None


def import_badge(
    learner: AbstractBaseUser, source: str | bytes, *, replace: bool = False
) -> ImportedBadge:
    """Keep a badge for the learner; ``bring`` without telling whether it is a new one."""
    return bring(learner, source, replace=replace)[0]


def bring(
    learner: AbstractBaseUser,
    source: str | bytes,
    *,
    replace: bool = False,
    web: Web | None = None,
) -> tuple[ImportedBadge, bool]:
    """Keep a badge for the learner, and whether it is one that they did not have here.

    ``source``: JSON or a token, a PNG or SVG with a badge inside, or the web address of one. A
    badge that is kept already (the same text, or the same id of the same issuer) is brought up to
    date; one that was checked gives way to one that cannot be only with ``replace``.

    A badge that is changed, unsigned or unreadable is refused; one about which nothing can be
    found out is kept as "not verified". What was taken back or has expired is kept as that. After
    a badge that is real and the learner's own, ``earning.consider`` gives what it earns.

    What is asked over the network is asked before anything is locked: do not call this inside a
    transaction. Raises ``NotImportable``.
    """
    checked = _check(learner, source, web or Web())
    with transaction.atomic():
        # Two at once come one after the other.
        get_user_model()._default_manager.select_for_update().get(pk=learner.pk)
        badge, created = _place(learner, checked, replace=replace)
        _write(badge, checked)
        if badge.verdict == Verdict.GENUINE and badge.is_own:
            earning.consider(learner, badge, language=get_language() or "")
    return badge, created


def check_again(badge: ImportedBadge, *, web: Web | None = None) -> bool:
    """Check a kept badge anew, and write down what came of it; whether anything could be told.

    What was found before stays when nothing can be found out now. A badge that turns out to be
    false stays too, marked as that: it is its learner's to delete. Not inside a transaction.
    """
    report = verify_anything(badge.source, web=web or Web())
    found = verdict(report)
    if found in (Verdict.UNKNOWN, Verdict.UNREADABLE) and badge.verdict != Verdict.UNKNOWN:
        return False
    with transaction.atomic():
        learner = get_user_model()._default_manager.select_for_update().get(pk=badge.learner_id)
        badge.verdict = found
        badge.is_own = _is_own(report, learner)
        badge.checked_at = timezone.now()
        badge.save(update_fields=["verdict", "is_own", "checked_at"])
        if badge.verdict == Verdict.GENUINE and badge.is_own:
            earning.consider(learner, badge, language=get_language() or "")
    return found != Verdict.UNKNOWN


def delete(badge: ImportedBadge) -> None:
    """Forget a kept badge and its picture. What it earned stays earned."""
    with transaction.atomic():
        picture = badge.picture
        badge.delete()
        # Its learner is still here: nothing has to be said at its address.
        Erased.objects.filter(key=badge.key).delete()
        if picture is not None:
            picture.delete()


def fetch_badge(url: str, *, web: Web | None = None) -> bytes:
    """What stands at the address of a badge: JSON, a token, or a picture with one inside.

    A page that names its badge is followed there. Raises ``NotImportable``.
    """
    try:
        return (web or Web()).badge(url)
    except UnavailableError as error:
        why = str(error.data.get("why") or "")
        words = says_short(why) if why else _("That page names no badge.")
        raise NotImportable(
            "not-fetched", _("The badge could not be fetched from its address.") + f" {words}"
        ) from error


def _check(learner: AbstractBaseUser, source: str | bytes, web: Web) -> _Checked:
    picture = source if isinstance(source, bytes) and is_picture(source) else b""
    subject = source
    try:
        text = text_inside(source)
        for _hop in range(MOST_HOPS):
            if not is_address(text):
                break
            fetched = fetch_badge(text, web=web)
            picture = fetched if is_picture(fetched) else picture
            subject, text = fetched, text_inside(fetched)
    except OpenBadgesError:
        # The check says why, in the same words as everywhere.
        text = ""
    report = verify_anything(text or subject, web=web)
    found = verdict(report)
    if found in (Verdict.UNREADABLE, Verdict.FALSE) or report.summary is None:
        raise _refusal(report, found)
    if report.summary.is_endorsement:
        raise NotImportable(
            "endorsement",
            _("This says that somebody stands by a badge. It is not a badge itself."),
        )
    if is_did_of_this_site(report.issuer or ""):
        raise NotImportable(
            "ours", _("This badge is of this site. Whoever earned it has it here already.")
        )
    return _Checked(text, report, found, _is_own(report, learner), _picture(picture, report))


def _refusal(report: Report, found: Verdict) -> NotImportable:
    failure = report.failure
    why = str(reason_in_words(failure)) if failure else ""
    if found == Verdict.FALSE:
        title = str(check_in_words(failure, report).title) if failure else ""
        words = _("This badge does not hold, so it is not kept. %(check)s: %(why)s")
        return NotImportable("false", words % {"check": title, "why": why})
    return NotImportable("unreadable", _("We cannot read a badge here.") + f" {why}")


def _is_own(report: Report, learner: AbstractBaseUser) -> bool | None:
    """Whether it names a proven address of the learner; None when it names no address at all, or
    the learner has none to compare."""
    emails = confirmed_emails(learner)
    try:
        found = check_recipient(report.document or {}, emails)
    except OpenBadgesError:
        return False if emails else None
    return None if found is None else True


def _place(
    learner: AbstractBaseUser, checked: _Checked, *, replace: bool
) -> tuple[ImportedBadge, bool]:
    """The row for this badge: the one that is kept already, or a new one, not saved."""
    mine = ImportedBadge.objects.filter(learner=learner)
    known = mine.filter(fingerprint=_fingerprint(checked.text)).first()
    if known is None and checked.report.summary.identifier:
        same = mine.filter(
            identifier=checked.report.summary.identifier,
            issuer_id=checked.report.summary.issuer_id,
        )
        known = same.order_by("pk").first()
    if known is None:
        if mine.count() >= MOST_BADGES:
            raise NotImportable(
                "too-many",
                _("You have %s badges from elsewhere here, which is the most. Delete one first.")
                % MOST_BADGES,
            )
        return ImportedBadge(learner=learner), True
    better = known.verdict != Verdict.UNKNOWN and checked.verdict == Verdict.UNKNOWN
    if better and not replace:
        raise NotImportable(
            "weaker",
            _("You have this badge already, and it was checked. This one cannot be checked now."),
        )
    return known, False


def _write(badge: ImportedBadge, checked: _Checked) -> None:
    said = checked.report.summary
    badge.form = _FORMS[checked.report.form]
    badge.source = checked.text
    badge.fingerprint = _fingerprint(checked.text)
    badge.identifier = said.identifier
    badge.achievement_id = _proven_achievement(checked.report)
    badge.name = said.name or _("A badge without a name")
    badge.description, badge.criteria = said.description, said.criteria
    badge.issuer_id, badge.issuer_name = said.issuer_id, said.issuer_name
    badge.key_host = checked.report.key_host[:255]
    badge.awarded_at, badge.valid_until = said.awarded_at, said.valid_until
    badge.verdict, badge.is_own = checked.verdict, checked.is_own
    badge.checked_at = timezone.now()
    before = badge.picture
    if checked.picture is not None:
        badge.picture = Picture.objects.create(
            media_type=checked.picture.media_type,
            content=checked.picture.content,
            width=checked.picture.width,
            height=checked.picture.height,
        )
    badge.save()
    if before is not None and before != badge.picture:
        before.delete()


def _proven_achievement(report: Report) -> str:
    """The id of the achievement where it is the issuer's to give; else nothing, and the badge
    counts for no other.

    Anybody can sign a credential that names the achievement of a university. So its id has to be
    at the host whose key signed; of Open Badges 2.0 it was read from there.
    """
    achievement = report.summary.achievement_id
    if report.form in (Form.OB2_HOSTED, Form.OB2_SIGNED):
        return achievement
    at_issuer = report.key_host and is_same_origin(f"https://{report.key_host}", achievement)
    return achievement if at_issuer else ""


def _picture(data: bytes, report: Report) -> Cleaned | None:
    """The picture that the badge came in or carries, made anew; None without a usable one.

    A picture elsewhere is not fetched: nobody's server has to learn who looks at a passport.
    """
    data = data or _inline(report.summary.image)
    if not data:
        return None
    try:
        return clean(data)
    except NotAPicture as error:
        logger.info("The picture of an imported badge is left out: %s", error.code)
        return None


def _inline(address: str) -> bytes:
    """The bytes of a ``data:image/…`` address; nothing for any other."""
    if not address.startswith("data:image/") or len(address) > MOST_INLINE:
        return b""
    kind, _comma, data = address.partition(",")
    try:
        if kind.endswith(";base64"):
            return base64.b64decode(data, validate=True)
        return unquote_to_bytes(data)
    except (binascii.Error, ValueError):
        return b""


def _fingerprint(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
