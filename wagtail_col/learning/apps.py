from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearningConfig(AppConfig):
    """A learner's way: playlists, enrolments, completions and claims."""

    name = "wagtail_col.learning"
    label = "col_learning"
    verbose_name = _("Learning")
    default_auto_field = "django.db.models.BigAutoField"
