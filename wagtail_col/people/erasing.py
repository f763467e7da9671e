"""A person is erased: every declared row goes or loses the person, all of it or nothing.

Whatever deletes an account does it (the learner, Django's admin, a command): it hangs on the
account's own deletion.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from wagtail_col.people.held import Held, held
from wagtail_col.people.signals import erasing
from wagtail_col.personal import Erasure


class NotErased(Exception):
    """Something about the person is left, so nothing was deleted. ``left``: labels of models."""

    def __init__(self, left: list[str]) -> None:
        super().__init__(", ".join(left))
        self.left = left


def erase(person: AbstractBaseUser) -> None:
    """Delete the account and all that is declared about it. Raises NotErased, then nothing is."""
    with transaction.atomic():
        # By the address too, which is not known any more when the account is gone.
        ways = list(held(person))
        # Another object of it: should it be undone, the caller's own still is what it was.
        get_user_model()._base_manager.select_for_update().get(pk=person.pk).delete()
        left = [
            one.holding.model
            for one in ways
            if one.path.erasure is not Erasure.KEEP and one.rows.all().exists()
        ]
        if left:
            raise NotErased(left)


def before_deletion(sender: type, instance: AbstractBaseUser, **kwargs: Any) -> None:
    """A receiver of ``pre_delete`` of accounts: what the database does not do by itself."""
    erasing.send(sender, person=instance)
    for one in held(instance):
        if one.path.by_email and one.path.erasure is Erasure.DELETE:
            one.rows.delete()
        elif one.path.erasure is Erasure.ANONYMISE:
            _anonymise(one)


def _anonymise(one: Held) -> None:
    values: dict[str, Any] = dict.fromkeys(one.path.blanked, "")
    if not one.path.by_email:
        values[one.path.to] = None
    # By keys: an address that is blanked is what the rows were found by.
    keys = list(one.rows.values_list("pk", flat=True))
    one.rows.model._base_manager.filter(pk__in=keys).update(**values)
