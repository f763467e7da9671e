from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class LearningConfig(AppConfig):
    """A learner's way: playlists, enrolments, completions and claims."""

    name = "wagtail_col.learning"
    label = "col_learning"
    verbose_name = _("Learning")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in
        from django.db.models.signals import post_delete
        from wagtail.signals import published, unpublished

        from wagtail_col.badges.models import Achievement
        from wagtail_col.badges.signals import mail_waiting
        from wagtail_col.catalogue.signals import lines_wanted
        from wagtail_col.learning import dates, group_mail, reminders
        from wagtail_col.learning.device import signed_in
        from wagtail_col.learning.groups import left_the_line
        from wagtail_col.learning.opportunity_badges import shown_otherwise
        from wagtail_col.learning.past import remember
        from wagtail_col.learning.presenting import lines_through
        from wagtail_col.people.signals import erasing, no_longer_allowed, seen_now

        for floor in (dates, reminders):
            no_longer_allowed.connect(floor.stop_for, dispatch_uid=floor.__name__)
        erasing.connect(remember, dispatch_uid="wagtail_col.learning")
        post_delete.connect(
            left_the_line,
            sender=self.get_model("Enrolment"),
            dispatch_uid="wagtail_col.learning.groups",
        )
        seen_now.connect(group_mail.groups_of_learner, dispatch_uid="wagtail_col.learning.groups")
        mail_waiting.connect(group_mail.waiting, dispatch_uid="wagtail_col.learning.groups")
        user_logged_in.connect(signed_in, dispatch_uid="wagtail_col.learning.device")
        lines_wanted.connect(lines_through, dispatch_uid="wagtail_col.learning")
        for signal in (published, unpublished):
            signal.connect(
                shown_otherwise, sender=Achievement, dispatch_uid="wagtail_col.learning.badges"
            )
        if apps.is_installed("wagtail_col.lti"):
            self._connect_courses()

    def _connect_courses(self) -> None:
        from django.db.models.signals import post_delete, post_save

        from wagtail_col.learning import courses
        from wagtail_col.lti.models import Course, Tool
        from wagtail_col.lti.signals import score_received

        score_received.connect(courses.score_received, dispatch_uid="wagtail_col.learning")
        post_delete.connect(
            courses.left,
            sender=self.get_model("Enrolment"),
            dispatch_uid="wagtail_col.learning.courses",
        )
        for model in (Tool, Course):
            for signal in (post_save, post_delete):
                signal.connect(
                    courses.shown_otherwise, sender=model, dispatch_uid="wagtail_col.learning"
                )
