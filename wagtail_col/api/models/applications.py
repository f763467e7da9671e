from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import AbstractApplication, ApplicationManager

from wagtail_col.api.fields import HashedField


class Application(AbstractApplication):
    """Another system: a wallet that registered itself (RFC 7591), or a provider's own system.

    Always a confidential client. The texts of a wallet are its own words; only its host is known.
    """

    client_secret = HashedField(_("client secret"), default=generate_client_secret)
    #: The issuer whose badges a provider's system gives; null for a wallet.
    issuer = models.ForeignKey(
        "col_badges.Issuer",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="systems",
        verbose_name=_("issuer"),
    )
    client_uri = models.URLField(_("website"), max_length=2000, blank=True)
    #: Kept and told back to the wallet; never fetched and never shown.
    logo_uri = models.URLField(_("logo"), max_length=2000, blank=True)
    tos_uri = models.URLField(_("terms of use"), max_length=2000, blank=True)
    policy_uri = models.URLField(_("privacy policy"), max_length=2000, blank=True)
    software_id = models.CharField(_("software"), max_length=255, blank=True)
    software_version = models.CharField(_("version"), max_length=255, blank=True)
    contacts = models.JSONField(default=list, blank=True, editable=False)
    #: Separated by spaces: what a wallet may ask a learner for.
    scope = models.TextField(_("may ask for"), blank=True)
    #: Not ``user``: the application would go with the account.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    stopped_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ApplicationManager()

    class Meta:
        verbose_name = _("connected system")
        verbose_name_plural = _("connected systems")

    @property
    def is_system(self) -> bool:
        """Whether it is a provider's system, not a learner's wallet."""
        return self.authorization_grant_type == self.GRANT_CLIENT_CREDENTIALS

    @property
    def host(self) -> str:
        """The host name under which all of a wallet's addresses are."""
        return urlsplit(self.client_uri).hostname or ""

    def is_usable(self, request) -> bool:
        return self.stopped_at is None

    def redirect_uri_allowed(self, uri: str) -> bool:
        """Character for character (RFC 9700, section 2.1)."""
        return uri in self.redirect_uris.split()

    def natural_key(self) -> tuple[str]:
        return (self.client_id,)
