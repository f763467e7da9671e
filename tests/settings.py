"""Settings of the test suite: a plain Wagtail site with every floor of the package installed.

TEST_DATABASE       "sqlite" (default) or "postgresql" (server found as libpq finds it: PGHOST, ...)
TEST_DATABASE_NAME  name of the test database. Without it each run has its own, so that runs do not
                    meet; a test that starts other processes hands them
                    connection.settings_dict["NAME"] in this variable.
"""

import os
from pathlib import Path

from wagtail_col.api.defaults import (
    OAUTH2_PROVIDER,
    OAUTH2_PROVIDER_APPLICATION_MODEL,  # noqa: F401
    OAUTH2_PROVIDER_GRANT_MODEL,  # noqa: F401
)

ROOT = Path(__file__).resolve().parent.parent

SECRET_KEY = "only-for-the-tests"
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_X_FORWARDED_HOST = False

INSTALLED_APPS = [
    "wagtail_col",
    "wagtail_col.people",
    "wagtail_col.catalogue",
    "wagtail_col.badges",
    "wagtail_col.api",
    "wagtail_col.lti",
    "wagtail_col.learning",
    "wagtail_col.pages",
    "wagtail_col.pages.standard",
    "tests.testapp",
    "js_lib_leaflet",
    "wagtailgeowidget",
    "rest_framework",
    "oauth2_provider",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.locales",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "tests.urls"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

_backend = os.environ.get("TEST_DATABASE", "sqlite")
# Kept in the environment: the workers of a parallel run take the name from the process above them.
_name = os.environ.setdefault("TEST_DATABASE_NAME", f"test_wagtail_col_{os.getpid()}")

if _backend == "postgresql":
    # Wagtail's own search indexes ask for it there.
    INSTALLED_APPS.append("django.contrib.postgres")
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _name,
            "TEST": {"NAME": _name},
        }
    }
elif _backend == "sqlite":
    # A file, as on a real site, so that several processes can meet in it.
    _directory = ROOT / "build" / "test-db"
    _directory.mkdir(parents=True, exist_ok=True)
    _file = str(_directory / _name)
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": _file,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;",
            },
            "TEST": {"NAME": _file},
        }
    }
else:
    raise ValueError(f"TEST_DATABASE is {_backend!r}; it can be 'sqlite' or 'postgresql'.")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("sl", "Slovenščina"), ("es", "Español")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
USE_TZ = True
TIME_ZONE = "Europe/Madrid"

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "build" / "test-static"
MEDIA_URL = "/media/"
MEDIA_ROOT = ROOT / "build" / "test-media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

WAGTAIL_SITE_NAME = "Test site"
WAGTAILADMIN_BASE_URL = "http://testserver"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False

WAGTAIL_COL = {
    "BASE_URL": "http://testserver",
    "KEYS": ["only-for-the-tests-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],
    "BASE_TEMPLATE": "testapp/base.html",
    # The course providers of the tests are mostly nowhere.
    "COURSE_ANSWER_SECONDS": 0,
}

# Wallets of the tests are on the same machine.
OAUTH2_PROVIDER = {**OAUTH2_PROVIDER, "ALLOWED_REDIRECT_URI_SCHEMES": ["https", "http"]}
