from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_col.records import Record, best_text


class Provider(Record):
    """An organisation that offers learning: a youth centre, a library, a course provider."""

    territories = models.ManyToManyField("Territory", related_name="providers", blank=True)
    website = models.URLField(_("website"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    logo = models.CharField(max_length=2000, blank=True)

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("providers")

    def __str__(self) -> str:
        text = self.text
        return text.name if text else str(self.key)

    @property
    def text(self) -> ProviderText | None:
        return best_text(self.texts.all())


class ProviderText(models.Model):
    """A provider in one language. ``description`` is clean HTML."""

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=20)
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    url = models.CharField(max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "language"], name="col_one_provider_text_a_language"
            )
        ]

    def __str__(self) -> str:
        return self.name
