from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wagtail_col.badges.texts import check_signable


class Endorsement(models.Model):
    """An employer or a school stands by a badge, an issuer or one learner's award.

    Asked for by e-mail; the answer is signed as an EndorsementCredential (Open Badges 3.0, B.2.10)
    under a DID of its own on this site.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    achievement = models.ForeignKey(
        "col_badges.Achievement",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="endorsements",
    )
    issuer = models.ForeignKey(
        "col_badges.Issuer",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="endorsements",
    )
    award = models.ForeignKey(
        "col_badges.Award",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="endorsements",
    )
    email = models.EmailField(_("e-mail"), max_length=254)
    secret_hash = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=20)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    #: What the e-mail says beside our own words: plain text without any address.
    message = models.TextField(blank=True, validators=[check_signable])
    #: The learner's name as the endorser is told it, if the learner wants that. Never signed.
    shown_name = models.CharField(max_length=120, blank=True, validators=[check_signable])
    emailed_at = models.DateTimeField(null=True, blank=True)
    #: What the endorser wrote.
    organisation = models.CharField(
        _("your organisation"), max_length=200, blank=True, validators=[check_signable]
    )
    person = models.CharField(
        _("your name and role"), max_length=200, blank=True, validators=[check_signable]
    )
    website = models.URLField(_("website"), max_length=500, blank=True)
    comment = models.TextField(_("why you stand by it"), blank=True, validators=[check_signable])
    endorser = models.ForeignKey(
        "col_badges.Issuer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="given_endorsements",
    )
    credential = models.TextField(blank=True)
    #: The endorser's own list, which says whether this was taken back.
    status_list = models.ForeignKey(
        "col_badges.StatusList",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="endorsements",
    )
    status_index = models.PositiveIntegerField(null=True, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    #: When who asked was told that it was given.
    told_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    #: Taken off the page by whom it is about or by an editor; or taken back by the endorser.
    hidden_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")
        constraints = [
            models.CheckConstraint(
                condition=Q(achievement__isnull=False, issuer__isnull=True, award__isnull=True)
                | Q(achievement__isnull=True, issuer__isnull=False, award__isnull=True)
                | Q(achievement__isnull=True, issuer__isnull=True, award__isnull=False),
                name="col_endorsement_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["status_list", "status_index"],
                name="col_one_endorsement_a_status_index",
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)
