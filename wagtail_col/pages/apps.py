from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """What editors write: abstract page types, panels, the admin, and records that follow pages."""

    name = "wagtail_col.pages"
    label = "col_pages"
    verbose_name = _("Pages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_col.pages import providers, syncing

        syncing.connect()
        providers.connect()
