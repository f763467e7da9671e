from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LtiConfig(AppConfig):
    """The room for online courses by LTI 1.3; a site without them leaves this app out."""

    name = "wagtail_col.lti"
    label = "col_lti"
    verbose_name = _("Online courses")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_col.lti.consent import take_back
        from wagtail_col.people.signals import no_longer_allowed

        no_longer_allowed.connect(take_back, dispatch_uid="wagtail_col.lti")
