from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GroundConfig(AppConfig):
    """The ground every floor stands on: settings, checks, geography, templates and styles."""

    name = "wagtail_col"
    label = "wagtail_col"
    verbose_name = _("Cities of Learning")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_col import checks  # noqa: F401
