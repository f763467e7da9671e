"""Which accounts an e-mail address belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models.functions import Lower

#: Addresses in one question to the database.
AT_ONCE = 500


def accounts_of(emails: Iterable[str]) -> dict[str, list[AbstractBaseUser]]:
    """Active accounts by address, in lower case; an address may have none, one or several.

    Whether the account has shown that the address is its own is not asked: who lists an address
    means whoever uses it here.
    """
    model = get_user_model()
    name = model.get_email_field_name()
    wanted = sorted({email.lower() for email in emails} - {""})
    found: defaultdict[str, list[AbstractBaseUser]] = defaultdict(list)
    for start in range(0, len(wanted), AT_ONCE):
        users = (
            model._default_manager.filter(is_active=True)
            .annotate(col_address=Lower(name))
            .filter(col_address__in=wanted[start : start + AT_ONCE])
            .order_by("pk")
        )
        for user in users:
            found[user.col_address].append(user)
    return dict(found)
