from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ToolUser(models.Model):
    """Somebody as one tool knows them: another pseudonym for each tool, and what it may be told.

    Null: not asked yet. Two tools cannot find out that they know the same person.
    """

    tool = models.ForeignKey("col_lti.Tool", on_delete=models.CASCADE, related_name="users")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="col_tool_users"
    )
    #: ``sub`` of the id_token and ``userId`` of scores.
    sub = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shares_name = models.BooleanField(null=True)
    shares_email = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("learner as a course provider knows them")
        verbose_name_plural = _("learners as course providers know them")
        constraints = [models.UniqueConstraint(fields=["tool", "user"], name="col_one_tool_user")]

    def __str__(self) -> str:
        return str(self.sub)


class Role(models.TextChoices):
    LEARNER = "learner", _("Learner")
    MENTOR = "mentor", _("Mentor")
    EDITOR = "editor", _("Editor")


class MembershipState(models.TextChoices):
    ACTIVE = "active", _("Active")
    LEFT = "left", _("Left")


class Membership(models.Model):
    """Somebody has opened a tool's course in a context; who left is remembered as such.

    ``changed_at`` is what a tool's "differences" are counted from.
    """

    tool_user = models.ForeignKey(ToolUser, on_delete=models.CASCADE, related_name="memberships")
    context = models.ForeignKey(
        "col_lti.Context", on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.LEARNER)
    state = models.CharField(
        max_length=10, choices=MembershipState.choices, default=MembershipState.ACTIVE
    )
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("member of a place of online courses")
        verbose_name_plural = _("members of places of online courses")
        constraints = [
            models.UniqueConstraint(fields=["context", "tool_user"], name="col_one_membership")
        ]
        indexes = [models.Index(fields=["context", "changed_at"], name="col_membership_changed")]

    def __str__(self) -> str:
        return f"{self.tool_user_id} / {self.context_id}"
