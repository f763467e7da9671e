"""Settings of the example site in public, all of it from the environment.

EXAMPLE_SECRET_KEY   Django's secret key
EXAMPLE_COL_KEYS     secrets that encrypt the signing keys, separated by commas, the newest first
EXAMPLE_BASE_URL     https://learning.example.org
EXAMPLE_TERMS_URL    the page with the terms of the site, and EXAMPLE_PRIVACY_URL the one about
                     personal data; without them the start page
EXAMPLE_DATA_DIR     where uploads, collected static files and, without PostgreSQL, the data are
EXAMPLE_POSTGRES_DB  name of the PostgreSQL database; libpq's PGHOST, PGUSER, ... say where it is
EXAMPLE_SMTP_HOST    the mail server; EXAMPLE_SMTP_USER and EXAMPLE_SMTP_PASSWORD where it asks
EXAMPLE_BEHIND_PROXY 1 when a proxy in front sets X-Forwarded-Proto and drops what visitors send
"""

import os
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from example_site.config.settings import *  # noqa: F403
from example_site.config.settings import BASE_URL, OAUTH2_PROVIDER, WAGTAIL_COL


def _required(name: str) -> str:
    if not os.environ.get(name):
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return os.environ[name]


_required("EXAMPLE_BASE_URL")

DEBUG = False
SECRET_KEY = _required("EXAMPLE_SECRET_KEY")
ALLOWED_HOSTS = [urlsplit(BASE_URL).hostname]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
if os.environ.get("EXAMPLE_BEHIND_PROXY") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

if os.environ.get("EXAMPLE_POSTGRES_DB"):
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ["EXAMPLE_POSTGRES_DB"],
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    }

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
    },
}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("EXAMPLE_SMTP_HOST", "localhost")
EMAIL_HOST_USER = os.environ.get("EXAMPLE_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EXAMPLE_SMTP_PASSWORD", "")
EMAIL_USE_TLS = bool(EMAIL_HOST_USER)

OAUTH2_PROVIDER = {**OAUTH2_PROVIDER, "ALLOWED_REDIRECT_URI_SCHEMES": ["https"]}

WAGTAIL_COL = {
    **WAGTAIL_COL,
    "KEYS": _required("EXAMPLE_COL_KEYS").split(","),
    "TERMS_URL": os.environ.get("EXAMPLE_TERMS_URL") or f"{BASE_URL}/",
    "PRIVACY_URL": os.environ.get("EXAMPLE_PRIVACY_URL") or f"{BASE_URL}/",
    "FETCH_PRIVATE_HOSTS": [],
}
