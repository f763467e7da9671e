"""When an account goes, no answer that was kept for a provider's system tells of it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q

from wagtail_col.api.models import KeptAnswer
from wagtail_col.badges.models import Award


def forget_answers(sender: type, person: AbstractBaseUser, **kwargs: Any) -> None:
    """A receiver of ``people.signals.erasing``. The same request sent again is then done anew."""
    told = Q(pk__in=())
    for key in Award.objects.filter(learner=person).values_list("key", flat=True):
        told |= Q(body__contains=str(key))
    email = str(getattr(person, person.get_email_field_name(), "") or "")
    if email:
        told |= Q(body__icontains=email)
    KeptAnswer.objects.filter(told).delete()
