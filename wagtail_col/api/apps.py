from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """Other systems reach badges: wallets by OAuth and the Open Badges APIs, providers' systems."""

    name = "wagtail_col.api"
    label = "col_api"
    verbose_name = _("Connections to other systems")
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        # Our models stand on its; without it Django's own message names a file of somebody else.
        if not self.apps.is_installed("oauth2_provider"):
            raise ImproperlyConfigured(
                '"wagtail_col.api" stands on "oauth2_provider": add that to INSTALLED_APPS as well.'
            )
        super().import_models()

    def ready(self) -> None:
        from wagtail_col.api import checks  # noqa: F401
        from wagtail_col.api.connecting import stop_all
        from wagtail_col.api.erasing import forget_answers
        from wagtail_col.people.signals import erasing, no_longer_allowed

        no_longer_allowed.connect(stop_all, dispatch_uid="wagtail_col.api")
        erasing.connect(forget_answers, dispatch_uid="wagtail_col.api")
