from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearningConfig(AppConfig):
    """A learner's way: playlists, enrolments, completions and claims."""

    name = "wagtail_col.learning"
    label = "col_learning"
    verbose_name = _("Learning")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_col.catalogue.signals import lines_wanted
        from wagtail_col.learning.presenting import lines_through

        lines_wanted.connect(lines_through, dispatch_uid="wagtail_col.learning")
