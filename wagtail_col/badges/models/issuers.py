from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wagtail_col.badges.texts import check_signable


class StatusForm(models.TextChoices):
    """How a credential says where it is looked up whether it was taken back."""

    BITSTRING = "bitstring", _("Bitstring Status List (W3C): what wallets read")
    TWO_LISTS = (
        "two-lists",
        _("Two Bitstring Status Lists: verifiers can tell suspended from taken back"),
    )
    REVOCATION_LIST = "1edtech", _("1EdTech Revocation List: what 1EdTech's certification names")


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
    #: Whose members make this issuer's badges, give them and take them back; editors may as well.
    team = models.ForeignKey(
        "auth.Group",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="col_issuers",
        verbose_name=_("team"),
        help_text=_("Its members make these badges, give them and take them back."),
    )
    #: Signs endorsements, not badges: an employer or a school that was asked by e-mail.
    is_endorser = models.BooleanField(default=False, editable=False)
    status_form = models.CharField(
        _("how badges say that they were taken back"),
        max_length=10,
        choices=StatusForm.choices,
        default=StatusForm.BITSTRING,
        help_text=_("Both lists are always published. New badges name the one chosen here."),
    )

    class Meta:
        verbose_name = _("issuer")
        verbose_name_plural = _("issuers")

    def __str__(self) -> str:
        return self.name


class KeyKind(models.TextChoices):
    ED25519 = "Ed25519", _("Ed25519: signs badges as JSON")
    ES256 = "ES256", _("P-256: signs badges as tokens (VC-JWT)")


class SigningKey(models.Model):
    """A pair of keys. The private half is encrypted; a retired key stays published."""

    kind = models.CharField(max_length=10, choices=KeyKind.choices, default=KeyKind.ED25519)
    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, related_name="keys")
    #: The public half as Multikey (``z6Mk…``, ``zDn…``), the fragment of its verification method.
    public_multibase = models.CharField(max_length=80, unique=True)
    private_encrypted = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "kind"],
                condition=Q(retired_at__isnull=True),
                name="col_one_active_key_a_kind",
            )
        ]

    def __str__(self) -> str:
        return self.public_multibase
