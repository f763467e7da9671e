from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BadgesConfig(AppConfig):
    """Achievements, awards and their proofs by Open Badges 3.0."""

    name = "wagtail_col.badges"
    label = "col_badges"
    verbose_name = _("Badges")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth import get_user_model
        from django.db.models.signals import pre_delete
        from wagtail.signals import published

        from wagtail_col.badges.award_lists import forget_address
        from wagtail_col.badges.catching_up import after_publishing
        from wagtail_col.badges.chaining import give_what_follows
        from wagtail_col.badges.erasing import remember
        from wagtail_col.badges.revocation_lists import keep_listed
        from wagtail_col.badges.sharing import stop_all
        from wagtail_col.badges.signals import awarded
        from wagtail_col.badges.taking import add_badges
        from wagtail_col.people.signals import no_longer_allowed, taking_along

        pre_delete.connect(
            forget_address, sender=get_user_model(), dispatch_uid="wagtail_col.badges"
        )
        no_longer_allowed.connect(stop_all, dispatch_uid="wagtail_col.badges")
        taking_along.connect(add_badges, dispatch_uid="wagtail_col.badges")
        awarded.connect(give_what_follows, dispatch_uid="wagtail_col.badges")
        published.connect(
            after_publishing,
            sender=self.get_model("Achievement"),
            dispatch_uid="wagtail_col.badges",
        )

        for name in ("Award", "ImportedBadge", "Share"):
            pre_delete.connect(
                remember, sender=self.get_model(name), dispatch_uid="wagtail_col.badges"
            )
        pre_delete.connect(
            keep_listed, sender=self.get_model("Award"), dispatch_uid="wagtail_col.badges.lists"
        )
