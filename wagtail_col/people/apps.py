from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """What is held about people, and their rights over it."""

    name = "wagtail_col.people"
    label = "col_people"
    verbose_name = _("People and their data")
    default_auto_field = "django.db.models.BigAutoField"
