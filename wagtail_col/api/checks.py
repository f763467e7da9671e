"""System checks of this app: settings of django-oauth-toolkit that are weaker than they may be."""

from __future__ import annotations

from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from oauth2_provider.settings import oauth2_settings

from wagtail_col.api import defaults
from wagtail_col.conf import settings

IMPORT_LINE = (
    "from wagtail_col.api.defaults import OAUTH2_PROVIDER, "
    "OAUTH2_PROVIDER_APPLICATION_MODEL, OAUTH2_PROVIDER_GRANT_MODEL"
)


@register(Tags.security)
def check_oauth(app_configs, **kwargs) -> list[CheckMessage]:
    """E020, E021: the models and the switches of django-oauth-toolkit."""
    messages: list[CheckMessage] = []
    for name in ("OAUTH2_PROVIDER_APPLICATION_MODEL", "OAUTH2_PROVIDER_GRANT_MODEL"):
        wanted = getattr(defaults, name)
        if getattr(django_settings, name, None) != wanted:
            messages.append(
                Error(
                    f'{name} is not "{wanted}": codes and secrets would be stored as they are.',
                    hint=f"Put this line into the settings: {IMPORT_LINE}",
                    id="wagtail_col.E020",
                )
            )
    given = getattr(django_settings, "OAUTH2_PROVIDER", None) or {}
    weaker = [name for name, value in defaults.REQUIRED.items() if given.get(name) != value]
    if not oauth2_settings.REFRESH_TOKEN_EXPIRE_SECONDS:
        weaker.append("REFRESH_TOKEN_EXPIRE_SECONDS")
    if weaker:
        messages.append(
            Error(
                f"OAUTH2_PROVIDER is weaker than it may be: {', '.join(weaker)}.",
                hint=f"Begin with ours, and change what is left open there: {IMPORT_LINE}",
                id="wagtail_col.E021",
            )
        )
    return messages


@register(deploy=True)
def check_policies(app_configs, **kwargs) -> list[CheckMessage]:
    """W020: what wallets have to be told."""
    missing = [name for name in ("TERMS_URL", "PRIVACY_URL") if not getattr(settings, name)]
    if not missing:
        return []
    return [
        Warning(
            "Wallets are told where this site's terms and its privacy policy are, and that is "
            f"not known: {' and '.join(missing)}.",
            hint='Set WAGTAIL_COL["TERMS_URL"] and WAGTAIL_COL["PRIVACY_URL"].',
            id="wagtail_col.W020",
        )
    ]
