from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BadgesConfig(AppConfig):
    """Achievements, awards and their proofs by Open Badges 3.0."""

    name = "wagtail_col.badges"
    label = "col_badges"
    verbose_name = _("Badges")
    default_auto_field = "django.db.models.BigAutoField"
