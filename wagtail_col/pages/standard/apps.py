from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StandardPagesConfig(AppConfig):
    """Concrete page types on Wagtail's own base page."""

    name = "wagtail_col.pages.standard"
    label = "col_pages_standard"
    verbose_name = _("Learning pages")
    default_auto_field = "django.db.models.BigAutoField"
