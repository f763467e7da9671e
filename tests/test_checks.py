"""Each thing that is missing or wrong is named, with an id and what to do about it."""

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.checks import run_checks
from django.test import override_settings

from wagtail_col import checks

GOOD = {
    "BASE_URL": "https://learning.example.org",
    "KEYS": ["a secret that is long enough for this test"],
    "BASE_TEMPLATE": "wagtail_col/shell.html",
}


CHECKS = [
    checks.check_apps,
    checks.check_settings,
    checks.check_middleware,
    checks.check_tasks,
    checks.check_sqlite,
]


def ids(*more, databases=None):
    return {m.id for check in (*CHECKS, *more) for m in check(None, databases=databases)}


def without(setting, *names):
    return [item for item in getattr(django_settings, setting) if item not in names]


def test_a_complete_site_has_nothing_to_say():
    assert ids() == set()


def test_every_message_has_a_hint():
    with override_settings(WAGTAIL_COL={"NOPE": 1}, WAGTAILADMIN_BASE_URL=None, MIDDLEWARE=[]):
        found = [m for m in run_checks() if m.id and m.id.startswith("wagtail_col.")]
    assert len({message.id for message in found}) > 3
    assert found
    assert all(message.hint for message in found)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"NOT_A_SETTING": 1}, "wagtail_col.E002"),
        ({"BASE_URL": "learning.example.org"}, "wagtail_col.E003"),
        ({"BASE_URL": "https://example.org/learning"}, "wagtail_col.W005"),
        ({"KEYS": []}, "wagtail_col.E004"),
        ({"KEYS": "one text instead of a list of them"}, "wagtail_col.E004"),
        ({"KEYS": ["short"]}, "wagtail_col.E004"),
        ({"BASE_TEMPLATE": "nowhere.html"}, "wagtail_col.E005"),
        ({"GEOCODER": "no.such.geocoder"}, "wagtail_col.E006"),
    ],
)
def test_a_wrong_setting_is_named(change, expected):
    with override_settings(WAGTAIL_COL={**GOOD, **change}, WAGTAILADMIN_BASE_URL=None):
        assert ids() == {expected}


def test_the_address_may_come_from_wagtail():
    rest = {name: value for name, value in GOOD.items() if name != "BASE_URL"}
    with override_settings(WAGTAIL_COL=rest, WAGTAILADMIN_BASE_URL="https://example.org"):
        assert ids() == set()
    with override_settings(WAGTAIL_COL=rest, WAGTAILADMIN_BASE_URL=None):
        assert ids() == {"wagtail_col.E003"}


def test_the_secret_key_is_not_the_secret_for_keys():
    with override_settings(WAGTAIL_COL={**GOOD, "KEYS": ["x" * 40]}, SECRET_KEY="x" * 40):
        assert ids() == {"wagtail_col.W001"}


def test_missing_apps_are_named(monkeypatch):
    there = apps.is_installed
    monkeypatch.setattr(apps, "is_installed", lambda app: app != "wagtailgeowidget" and there(app))
    messages = checks.check_apps(None)
    assert [m.id for m in messages] == ["wagtail_col.E001"]
    assert "wagtailgeowidget" in messages[0].msg


@pytest.mark.parametrize(
    ("middleware", "expected"),
    [
        ("django.contrib.messages.middleware.MessageMiddleware", "wagtail_col.E007"),
        ("django.middleware.locale.LocaleMiddleware", "wagtail_col.W002"),
    ],
)
def test_missing_middleware_is_named(middleware, expected):
    with override_settings(MIDDLEWARE=without("MIDDLEWARE", middleware)):
        assert ids() == {expected}


def test_a_task_backend_that_is_not_there():
    with override_settings(TASKS={"default": {"BACKEND": "no.such.Backend"}}):
        assert "wagtail_col.E008" in ids()


@pytest.mark.django_db
def test_sqlite_with_djangos_defaults(monkeypatch):
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("about SQLite")
    assert "wagtail_col.W003" not in ids(databases=["default"])
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {})
    assert "wagtail_col.W003" in ids(databases=["default"])


def test_a_public_site_needs_https():
    with override_settings(WAGTAIL_COL={**GOOD, "BASE_URL": "http://example.org"}):
        assert "wagtail_col.W004" in ids(checks.check_deployment)
    with override_settings(WAGTAIL_COL=GOOD):
        assert "wagtail_col.W004" not in ids(checks.check_deployment)
