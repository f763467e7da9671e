from __future__ import annotations

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def new_identifier() -> str:
    """A client or deployment id: nothing can be read from it, nor guessed.

    Letters and digits only: a leading hyphen would read as an option on a command line.
    """
    return secrets.token_hex(15)


class ToolState(models.TextChoices):
    PENDING = "pending", _("Waiting for approval")
    ACTIVE = "active", _("In use")
    SUSPENDED = "suspended", _("Suspended")
    REFUSED = "refused", _("Refused")


class OpensIn(models.TextChoices):
    WINDOW = "window", _("In a new window")
    FRAME = "frame", _("Inside a page of this site")


class Tool(models.Model):
    """A course provider connected by LTI 1.3. We are the platform, it is the tool.

    One tool has one client id and one deployment: a city connects a provider once.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=255)
    description = models.TextField(_("description"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ToolState.choices, default=ToolState.PENDING
    )
    client_id = models.CharField(max_length=64, unique=True, default=new_identifier, editable=False)
    deployment_id = models.CharField(
        max_length=64, unique=True, default=new_identifier, editable=False
    )

    login_url = models.CharField(_("login URL"), max_length=2000)
    launch_url = models.CharField(_("launch URL"), max_length=2000)
    #: Where its catalogue opens; empty: it has none.
    deep_linking_url = models.CharField(_("deep linking URL"), max_length=2000, blank=True)
    #: Where messages may be sent, compared as they are: a list of URLs.
    redirect_uris = models.JSONField(_("redirect URLs"), default=list)
    #: Its public keys: at a URL, or pasted as a JSON Web Key Set.
    jwks_url = models.CharField(_("key set URL"), max_length=2000, blank=True)
    jwks = models.JSONField(_("key set"), null=True, blank=True)
    #: Sent with every message of the tool: names to values.
    custom = models.JSONField(_("custom parameters"), default=dict, blank=True)

    # What it asked for when it registered itself
    asked_scopes = models.JSONField(default=list, editable=False)
    asked_claims = models.JSONField(default=list, editable=False)
    contacts = models.JSONField(default=list, editable=False)
    policy_url = models.CharField(_("privacy policy"), max_length=2000, blank=True)

    # What it may do
    may_names = models.BooleanField(_("may see names of learners who agree"), default=False)
    may_emails = models.BooleanField(
        _("may see e-mail addresses of learners who agree"), default=False
    )
    may_grades = models.BooleanField(_("may report progress and scores"), default=False)
    may_rosters = models.BooleanField(_("may list the learners who agree"), default=False)
    opens_in = models.CharField(
        _("opens"), max_length=10, choices=OpensIn.choices, default=OpensIn.WINDOW
    )
    #: Keys (UUIDs as text) of territories and providers that may use it; empty: everybody.
    offered_to = models.JSONField(_("offered to"), default=list, blank=True)

    # The keys as last fetched from ``jwks_url``
    fetched_jwks = models.JSONField(null=True, editable=False)
    keys_fetched_at = models.DateTimeField(_("last key fetch"), null=True, editable=False)
    keys_tried_at = models.DateTimeField(null=True, editable=False)
    keys_error = models.CharField(max_length=200, blank=True, editable=False)

    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    #: What is asked for when somebody looks after the tool, and not by its launches and scores.
    SELDOM = frozenset(
        {
            "description",
            "launch_url",
            "jwks_url",
            "jwks",
            "asked_scopes",
            "asked_claims",
            "contacts",
            "policy_url",
            "offered_to",
            "fetched_jwks",
            "keys_fetched_at",
            "keys_tried_at",
            "keys_error",
            "created_at",
            "created_by_id",
        }
    )

    class Meta:
        verbose_name = _("course provider")
        verbose_name_plural = _("course providers")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.state == ToolState.ACTIVE
