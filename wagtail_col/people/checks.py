"""Checks of this floor's settings."""

from __future__ import annotations

from django.core.checks import CheckMessage, Error, register

from wagtail_col.people.consent_ages import consent_age


@register
def check_consent_age(app_configs, **kwargs) -> list[CheckMessage]:
    """E030: CONSENT_AGE is neither an age nor a country."""
    try:
        consent_age()
    except ValueError as error:
        return [
            Error(
                f'WAGTAIL_COL["CONSENT_AGE"]: {error}',
                hint='Set it to a country ("SI"), to an age from 13 to 18, or to None.',
                id="wagtail_col.E030",
            )
        ]
    return []
