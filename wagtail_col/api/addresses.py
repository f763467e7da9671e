"""Complete addresses that other systems are told. They begin with the address from the settings."""

from __future__ import annotations

from django.urls import reverse

from wagtail_col.conf import base_url, settings


def absolute(name: str, *args: object) -> str:
    """The complete address behind one of this app's url names."""
    return base_url() + reverse(f"col_api:{name}", args=args)


def terms_url() -> str:
    return settings.TERMS_URL or f"{base_url()}/"


def privacy_url() -> str:
    return settings.PRIVACY_URL or f"{base_url()}/"
