from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from wagtail_col.records import best_text


class Interest(ClusterableModel):
    """What people look for by passion: the site's own short list."""

    slug = models.SlugField(
        _("short name"),
        unique=True,
        help_text=_("Appears in links, for example “music”. Do not change it later."),
    )
    icon = models.SlugField(_("icon"), blank=True, help_text=_("The name of one of our icons."))
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        name = best_text(self.names.all())
        return name.name if name else self.slug


class InterestName(models.Model):
    """An interest's name in one language."""

    interest = ParentalKey(Interest, on_delete=models.CASCADE, related_name="names")
    language = models.CharField(_("language"), max_length=20)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["interest", "language"], name="col_one_interest_name_a_language"
            )
        ]

    def __str__(self) -> str:
        return self.name
