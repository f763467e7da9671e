"""Which e-mail addresses are proven to be somebody's: a badge from elsewhere counts by them."""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.module_loading import import_string

from wagtail_col.conf import settings


def confirmed_emails(user: AbstractBaseUser) -> list[str]:
    """The addresses, by ``WAGTAIL_COL["CONFIRMED_EMAILS"]``; else those that django-allauth has
    confirmed; else, on a site without it, the account's own address."""
    if settings.CONFIRMED_EMAILS:
        return list(import_string(settings.CONFIRMED_EMAILS)(user))
    if apps.is_installed("allauth.account"):
        addresses = apps.get_model("account", "EmailAddress").objects
        return list(addresses.filter(user=user, verified=True).values_list("email", flat=True))
    email = str(getattr(user, user.get_email_field_name(), "") or "").strip()
    return [email] if email else []
