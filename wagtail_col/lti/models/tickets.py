from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TicketKind(models.TextChoices):
    RESOURCE_LINK = "LtiResourceLinkRequest", _("Opening a course")
    DEEP_LINKING = "LtiDeepLinkingRequest", _("Picking courses")
    SUBMISSION_REVIEW = "LtiSubmissionReviewRequest", _("Looking at a submission")


class LaunchTicket(models.Model):
    """Somebody is on the way to a tool: what the login hints stand for, good for one message.

    Bound to the person, their session and the tool; used once (``used_at``), within five minutes.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=30, choices=TicketKind.choices)
    tool = models.ForeignKey("col_lti.Tool", on_delete=models.CASCADE, related_name="tickets")
    tool_user = models.ForeignKey(
        "col_lti.ToolUser", on_delete=models.CASCADE, related_name="tickets"
    )
    context = models.ForeignKey("col_lti.Context", on_delete=models.CASCADE, related_name="+")
    resource_link = models.ForeignKey(
        "col_lti.ResourceLink", on_delete=models.CASCADE, null=True, related_name="+"
    )
    line_item = models.ForeignKey(
        "col_lti.LineItem", on_delete=models.CASCADE, null=True, related_name="+"
    )
    session = models.CharField(max_length=64)
    role = models.CharField(max_length=10)
    language = models.CharField(max_length=20)
    opens_in = models.CharField(max_length=10)
    #: Where the person came from and goes back to: a path on this site.
    return_path = models.CharField(max_length=2000, blank=True)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("launch ticket")
        verbose_name_plural = _("launch tickets")

    def __str__(self) -> str:
        return str(self.key)


class DeepLinkReturn(models.Model):
    """What a tool's picker sent back, kept until the editor has looked at it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ticket = models.OneToOneField(
        LaunchTicket, on_delete=models.CASCADE, related_name="deep_link_return"
    )
    #: Content items as they came, checked.
    items = models.JSONField()
    #: What the tool says to the editor.
    message = models.TextField(blank=True)
    returned_at = models.DateTimeField(auto_now_add=True)
    placed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("picked courses")
        verbose_name_plural = _("picked courses")

    def __str__(self) -> str:
        return str(self.key)


class SeenToken(models.Model):
    """A one-time identifier of a tool's token. The database says whether it was here before."""

    tool = models.ForeignKey("col_lti.Tool", on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("used token")
        verbose_name_plural = _("used tokens")
        constraints = [
            models.UniqueConstraint(fields=["tool", "purpose", "digest"], name="col_token_once")
        ]

    def __str__(self) -> str:
        return self.digest


class RegistrationInvite(models.Model):
    """Lets one tool register itself once. Only the token's hash is kept."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    expires_at = models.DateTimeField(db_index=True)
    tool = models.OneToOneField(
        "col_lti.Tool", on_delete=models.CASCADE, null=True, related_name="invite"
    )

    class Meta:
        verbose_name = _("invitation to register")
        verbose_name_plural = _("invitations to register")

    def __str__(self) -> str:
        return str(self.key)
