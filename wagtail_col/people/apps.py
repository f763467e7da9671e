from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """What is held about people, and their rights over it."""

    name = "wagtail_col.people"
    label = "col_people"
    verbose_name = _("People and their data")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth import get_user_model
        from django.db.models.signals import pre_delete

        from wagtail_col.people.erasing import before_deletion

        pre_delete.connect(
            before_deletion, sender=get_user_model(), dispatch_uid="wagtail_col.people"
        )
