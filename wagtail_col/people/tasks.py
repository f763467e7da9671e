"""Work that takes longer than an answer may."""

from __future__ import annotations

from django.utils import timezone, translation
from django_tasks import task

from wagtail_col.people.copying import zipped
from wagtail_col.people.models import DataCopy


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
