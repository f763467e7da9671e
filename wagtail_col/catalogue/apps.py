from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    """What can be learned, where and when: records only, nothing of pages."""

    name = "wagtail_col.catalogue"
    label = "col_catalogue"
    verbose_name = _("Catalogue")
    default_auto_field = "django.db.models.BigAutoField"
