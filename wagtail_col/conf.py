"""The one settings dict, ``WAGTAIL_COL``, with every default in one place.

Read a setting as an attribute: ``conf.settings.BASE_URL``. Unknown names raise
AttributeError here and are reported by a system check, so a misspelt setting is
never silently ignored. Values are cached and read again when the setting changes
(as in tests with ``override_settings``).
"""

from __future__ import annotations

from typing import Any

from django.conf import settings as django_settings
from django.core.signals import setting_changed

#: Every setting and its default. ``docs/reference/settings.md`` describes each of them.
DEFAULTS: dict[str, Any] = {
    # Where this site is reached, without a trailing slash. None: WAGTAILADMIN_BASE_URL.
    "BASE_URL": None,
    # The template whose blocks `title`, `extra_css`, `content` and `extra_js` our pages fill.
    "BASE_TEMPLATE": "wagtail_col/shell.html",
    # Secrets that encrypt signing keys and derive claim codes: the first encrypts, all decrypt.
    "KEYS": [],
    # The organisation that signs the site's badges.
    "ISSUER_NAME": None,
    # From which age people agree for themselves: a country ("SI"), an age; None: nobody is asked.
    "CONSENT_AGE": None,
    # Who is responsible for people's data: None, or {"name": ..., "contact": ..., "officer": ...}.
    "CONTROLLER": None,
    # Listings on one page of a list.
    "PAGE_SIZE": 20,
    # Map tiles: None, or {"url": ..., "attribution": ..., "max_zoom": ...}.
    "MAP_TILES": None,
    # The licence of the site's open data: None, or {"name": ..., "url": ...}.
    "DATA_LICENCE": None,
    # Which websites may show our searches in a frame: sources of a content security policy, like
    # "https://library.example" or "https://*.school.example".
    "EMBED_ON": ["*"],
    # Called as geocoder(query, language) after our own gazetteer found nothing: a dotted path.
    "GEOCODER": None,
    # A name of WAGTAILSEARCH_BACKENDS that looks for words. None: our own index in the database.
    "SEARCH_BACKEND": None,
    # How often one account may get a claim code wrong within a minute.
    "CLAIM_TRIES_PER_MINUTE": 10,
    # The same for one network address, which a school or a proxy shares. None: not counted.
    "CLAIM_TRIES_PER_MINUTE_AND_ADDRESS": 100,
    # The same for wrong codes that begin like one of the same badge or opportunity.
    "CLAIM_TRIES_PER_MINUTE_AND_BADGE": 60,
    # The same for everybody together. None: not counted.
    "CLAIM_TRIES_PER_MINUTE_IN_ALL": 1000,
    # Days after the decision that photos and files sent in for a badge are kept. None: for ever.
    "EVIDENCE_DAYS": 90,
    # How many wallets may register from one network address within an hour. None: not counted.
    "REGISTRATIONS_PER_HOUR_AND_ADDRESS": 20,
    # Pages that wallets are told of: this site's terms and its privacy policy.
    "TERMS_URL": None,
    "PRIVACY_URL": None,
    # How many badges one network address may have checked, and one account bring, in a minute:
    # for badges from elsewhere this site asks at other hosts. None: not counted.
    "CHECKS_PER_MINUTE_AND_ADDRESS": 30,
    # Called as emails(user): the addresses that are proven to be the user's. A dotted path. None:
    # those that django-allauth has confirmed, or without it the address of the account.
    "CONFIRMED_EMAILS": None,
    # Seconds to wait for a course provider's server, of which nothing is known, before a learner is
    # sent there. 0: nobody looks.
    "COURSE_ANSWER_SECONDS": 4,
    # Sender of our e-mails. None: DEFAULT_FROM_EMAIL.
    "FROM_EMAIL": None,
    # "host" or "host:port": may be fetched from although it is private, also by http.
    "FETCH_PRIVATE_HOSTS": [],
}


class Settings:
    """Attribute access to ``WAGTAIL_COL`` over ``DEFAULTS``, cached."""

    def __getattr__(self, name: str) -> Any:
        if name not in DEFAULTS:
            raise AttributeError(f"WAGTAIL_COL has no setting {name!r}")
        value = self.given().get(name, DEFAULTS[name])
        setattr(self, name, value)
        return value

    def given(self) -> dict[str, Any]:
        """What the site itself wrote, unchecked."""
        return getattr(django_settings, "WAGTAIL_COL", None) or {}

    def reload(self) -> None:
        """Forget the cached values."""
        self.__dict__.clear()


settings = Settings()


def base_url() -> str:
    """The site's public address without a trailing slash, or ``""`` when none is set.

    A fixed setting rather than the request's host: credentials and e-mails carry it,
    and the Host header is the visitor's to choose.
    """
    url = settings.BASE_URL or getattr(django_settings, "WAGTAILADMIN_BASE_URL", None) or ""
    return url.rstrip("/")


def languages() -> dict[str, str]:
    """Language codes and names that content may be written in, the default one first."""
    choices = getattr(django_settings, "WAGTAIL_CONTENT_LANGUAGES", None)
    return dict(choices or [(django_settings.LANGUAGE_CODE, django_settings.LANGUAGE_CODE)])


def _reload(*, setting: str, **kwargs: Any) -> None:
    if setting == "WAGTAIL_COL":
        settings.reload()


setting_changed.connect(_reload)
