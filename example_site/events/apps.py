from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The town hall's own events: pages the site had before it became a Learning City."""

    name = "example_site.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"
