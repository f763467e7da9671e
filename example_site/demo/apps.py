from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo's data and the command that loads it."""

    name = "example_site.demo"
    label = "demo"
    default_auto_field = "django.db.models.BigAutoField"
