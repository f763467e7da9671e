"""System checks: each thing that is missing or wrong, with an id and what to do about it.

E001-E0xx stop the site, W001-W0xx warn. ``docs/reference/checks.md`` lists them.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template
from django.utils.module_loading import import_string
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, task_backends

from wagtail_col.conf import DEFAULTS, base_url, settings
from wagtail_col.vault import MINIMUM_LENGTH

#: Each app of ours and what it stands on.
NEEDS = {
    "wagtail_col.people": ["wagtail_col"],
    "wagtail_col.catalogue": ["wagtail_col"],
    "wagtail_col.badges": ["wagtail_col", "modelcluster", "wagtail"],
    "wagtail_col.api": ["wagtail_col.badges", "oauth2_provider"],
    "wagtail_col.lti": ["wagtail_col"],
    "wagtail_col.learning": ["wagtail_col.catalogue", "wagtail_col.badges"],
    "wagtail_col.pages": [
        "wagtail_col.learning",
        "wagtailgeowidget",
        "js_lib_leaflet",
        "wagtail.admin",
        "wagtail.snippets",
        "wagtail.images",
    ],
    "wagtail_col.pages.standard": ["wagtail_col.pages"],
}

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]


@register
def check_apps(app_configs, **kwargs) -> list[CheckMessage]:
    """E001: an app that another one of ours stands on is not installed."""
    return [
        Error(
            f"{app} is installed, but {needed}, which it stands on, is not.",
            hint=f'Add "{needed}" to INSTALLED_APPS.',
            id="wagtail_col.E001",
        )
        for app, needs in NEEDS.items()
        if apps.is_installed(app)
        for needed in needs
        if not apps.is_installed(needed)
    ]


@register
def check_settings(app_configs, **kwargs) -> list[CheckMessage]:
    """E002-E006, W001: the settings dict itself."""
    return list(_settings_messages())


def _settings_messages() -> Iterator[CheckMessage]:
    for name in sorted(set(settings.given()) - set(DEFAULTS)):
        yield Error(
            f'WAGTAIL_COL has no setting "{name}".',
            hint=f"The settings are: {', '.join(DEFAULTS)}.",
            id="wagtail_col.E002",
        )
    url = urlsplit(base_url())
    if url.scheme not in ("http", "https") or not url.netloc:
        yield Error(
            "The site's own address is not known, so badges and e-mails cannot point back to it.",
            hint='Set WAGTAIL_COL["BASE_URL"] (or WAGTAILADMIN_BASE_URL) to, for example, '
            '"https://learning.example.org".',
            id="wagtail_col.E003",
        )
    elif url.path:
        yield Warning(
            f'The site\'s own address has a path, "{url.path}": a stranger looks for the keys of '
            "its badges below that path, where nothing answers.",
            hint="Let the site live at the root of a host of its own, or of a subdomain.",
            id="wagtail_col.W005",
        )
    yield from _key_messages()
    try:
        get_template(settings.BASE_TEMPLATE)
    except TemplateDoesNotExist:
        yield Error(
            f'The base template "{settings.BASE_TEMPLATE}" does not exist.',
            hint='Set WAGTAIL_COL["BASE_TEMPLATE"] to your site\'s own base template.',
            id="wagtail_col.E005",
        )
    except TemplateSyntaxError:
        pass  # Django's own checks say more about that.
    if settings.GEOCODER:
        try:
            import_string(settings.GEOCODER)
        except ImportError as error:
            yield Error(
                f'The geocoder "{settings.GEOCODER}" cannot be imported: {error}',
                hint='Set WAGTAIL_COL["GEOCODER"] to the dotted path of a callable, or None.',
                id="wagtail_col.E006",
            )


def _key_messages() -> Iterator[CheckMessage]:
    keys = settings.KEYS
    if not keys or isinstance(keys, str):
        yield Error(
            'WAGTAIL_COL["KEYS"] holds no secret, so signing keys cannot be stored.',
            hint="Set it to a list with one long random text that is kept out of the repository: "
            'python -c "import secrets; print(secrets.token_urlsafe(48))"',
            id="wagtail_col.E004",
        )
        return
    if any(len(key) < MINIMUM_LENGTH for key in keys):
        yield Error(
            f'A secret in WAGTAIL_COL["KEYS"] is shorter than {MINIMUM_LENGTH} characters.',
            hint='Make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"',
            id="wagtail_col.E004",
        )
    if django_settings.SECRET_KEY in keys:
        yield Warning(
            'WAGTAIL_COL["KEYS"] holds SECRET_KEY: changing that one would make every signing '
            "key unreadable.",
            hint="Use a secret of its own.",
            id="wagtail_col.W001",
        )


@register
def check_middleware(app_configs, **kwargs) -> list[CheckMessage]:
    """E007, W002: middleware our views rely on."""
    installed = list(django_settings.MIDDLEWARE)
    messages: list[CheckMessage] = [
        Error(
            f"The middleware {needed} is missing: learners could not log in or see messages.",
            hint=f'Add "{needed}" to MIDDLEWARE.',
            id="wagtail_col.E007",
        )
        for needed in MIDDLEWARE
        if not _has(installed, needed)
    ]
    locale = "django.middleware.locale.LocaleMiddleware"
    if getattr(django_settings, "WAGTAIL_I18N_ENABLED", False) and not _has(installed, locale):
        messages.append(
            Warning(
                "The site has several languages, but nothing chooses the visitor's one.",
                hint=f'Add "{locale}" to MIDDLEWARE after the session middleware.',
                id="wagtail_col.W002",
            )
        )
    return messages


def _has(installed: list[str], needed: str) -> bool:
    """Whether a middleware or a subclass of it is installed."""
    if needed in installed:
        return True
    wanted = import_string(needed)
    for path in installed:
        try:
            found = import_string(path)
        except ImportError:
            continue
        if isinstance(found, type) and issubclass(found, wanted):
            return True
    return False


@register
def check_tasks(app_configs, **kwargs) -> list[CheckMessage]:
    """E008: the queue for e-mails and signing in bulk."""
    try:
        task_backends[DEFAULT_TASK_BACKEND_ALIAS]
    except (ImproperlyConfigured, ImportError) as error:
        return [
            Error(
                f"There is no usable default task backend: {error}",
                hint="Leave TASKS out (work is then done at once) or set TASKS['default'] to a "
                "backend that is installed.",
                id="wagtail_col.E008",
            )
        ]
    return []


@register(Tags.database)
def check_sqlite(app_configs, databases=None, **kwargs) -> list[CheckMessage]:
    """W003: SQLite with Django's defaults refuses a share of concurrent writes."""
    messages = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor != "sqlite":
            continue
        options = connection.settings_dict.get("OPTIONS") or {}
        immediate = str(options.get("transaction_mode", "")).upper() == "IMMEDIATE"
        if not immediate or options.get("timeout", 5) < 20:
            messages.append(
                Warning(
                    f'The SQLite database "{alias}" will refuse writes as locked when several '
                    "people write at once.",
                    hint='Set its OPTIONS to {"transaction_mode": "IMMEDIATE", "timeout": 20, '
                    '"init_command": "PRAGMA journal_mode=WAL;"}.',
                    id="wagtail_col.W003",
                )
            )
    return messages


@register(deploy=True)
def check_deployment(app_configs, **kwargs) -> list[CheckMessage]:
    """W004, W006: what is only wrong in public."""
    messages: list[CheckMessage] = []
    if urlsplit(base_url()).scheme != "https":
        messages.append(
            Warning(
                "The site's own address is not https: nobody elsewhere can verify its badges.",
                hint='Set WAGTAIL_COL["BASE_URL"] to the https address.',
                id="wagtail_col.W004",
            )
        )
    if settings.FETCH_PRIVATE_HOSTS:
        hosts = ", ".join(map(str, settings.FETCH_PRIVATE_HOSTS))
        messages.append(
            Warning(
                f"Documents are fetched from private hosts, without TLS as well: {hosts}.",
                hint='Leave WAGTAIL_COL["FETCH_PRIVATE_HOSTS"] empty, unless these are servers of '
                "your own network that course providers run on.",
                id="wagtail_col.W006",
            )
        )
    return messages
