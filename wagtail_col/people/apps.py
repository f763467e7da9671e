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
        from django.db.models.signals import post_delete, pre_delete

        from wagtail_col.own import asked_first
        from wagtail_col.people import checks  # noqa: F401
        from wagtail_col.people.asking import ask_age
        from wagtail_col.people.erasing import before_deletion
        from wagtail_col.people.guarding import consent_deleted

        asked_first.connect(ask_age, dispatch_uid="wagtail_col.people")
        post_delete.connect(
            consent_deleted,
            sender=self.get_model("GuardianConsent"),
            dispatch_uid="wagtail_col.people",
        )

        pre_delete.connect(
            before_deletion, sender=get_user_model(), dispatch_uid="wagtail_col.people"
        )
