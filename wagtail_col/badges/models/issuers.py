from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wagtail_col.badges.texts import check_signable


class Issuer(models.Model):
    """Who says it: an organisation that signs badges under a DID of this site.

    The issuer with the empty slug is the site itself (``did:web:HOST``); any other lives below
    a path (``did:web:HOST:col:badges:issuers:SLUG``).
    """

    slug = models.SlugField(_("short name"), unique=True, blank=True)
    name = models.CharField(_("name"), max_length=255, validators=[check_signable])
    url = models.URLField(_("website"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    description = models.TextField(_("description"), blank=True, validators=[check_signable])

    class Meta:
        verbose_name = _("issuer")
        verbose_name_plural = _("issuers")

    def __str__(self) -> str:
        return self.name


class SigningKey(models.Model):
    """An Ed25519 key. The private half is encrypted; a retired key stays published."""

    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, related_name="keys")
    #: The public half as Multikey (``z6Mk…``); also the fragment of its verification method.
    public_multibase = models.CharField(max_length=80, unique=True)
    private_encrypted = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer"],
                condition=Q(retired_at__isnull=True),
                name="col_one_active_key_an_issuer",
            )
        ]

    def __str__(self) -> str:
        return self.public_multibase
