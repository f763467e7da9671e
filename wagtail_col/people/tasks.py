"""Work that takes longer than an answer may."""

from __future__ import annotations

from django.utils import timezone, translation
from django_tasks import task

from wagtail_col.people.copying import zipped
from wagtail_col.people.models import DataCopy, GuardianConsent
from wagtail_col.people.retaining import clean_all
from wagtail_col.people.telling import guardian_message


@task()
def make_copy(copy_id: int) -> bool:
    """Make the copy that was asked for. False: it is gone, or it is there already."""
    copy = DataCopy.objects.select_related("person").filter(pk=copy_id, made_at=None).first()
    if copy is None:
        return False
    with translation.override(copy.language):
        content = zipped(copy.person)
    # Unless the account went meanwhile.
    return bool(
        DataCopy.objects.filter(pk=copy_id, made_at=None).update(
            content=content, made_at=timezone.now()
        )
    )


@task()
def tell_guardian(consent_id: int) -> bool:
    """Send the e-mail that asks a guardian. False: it was withdrawn meanwhile."""
    consent = (
        GuardianConsent.objects.select_related("guardian", "child").filter(pk=consent_id).first()
    )
    if consent is None:
        return False
    with translation.override(consent.guardian.language):
        guardian_message(consent).send()
    return True


@task()
def retain() -> list[str]:
    """The same as the command ``col_retention``; what failed."""
    return [one.cleaner for one in clean_all() if one.answer is None]
