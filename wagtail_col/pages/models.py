from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProviderTeam(models.Model):
    """The people who edit for one provider: a group with rights on the provider's pages only.

    ``key`` is the provider's, so that its pages in every language belong to one team.
    """

    key = models.UUIDField(unique=True, editable=False)
    group = models.OneToOneField(
        "auth.Group", on_delete=models.CASCADE, related_name="col_provider_team"
    )
    collection = models.OneToOneField(
        "wagtailcore.Collection",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="col_provider_team",
    )

    class Meta:
        verbose_name = _("provider's team")
        verbose_name_plural = _("providers' teams")

    def __str__(self) -> str:
        return self.group.name
