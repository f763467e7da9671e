from django.apps import AppConfig


class TestAppConfig(AppConfig):
    """Page types and templates of an imagined site, for the tests only."""

    name = "tests.testapp"
    label = "testapp"
    default_auto_field = "django.db.models.BigAutoField"
