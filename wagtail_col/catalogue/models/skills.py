from __future__ import annotations

from hashlib import sha256

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_col.records import best_text


class Skill(models.Model):
    """Something one can learn to do, as whoever offers it names it; known by its ``uri``.

    Written with the listings that name it. ``slug`` is its short name in addresses.
    """

    uri = models.CharField(_("address"), max_length=500, unique=True)
    slug = models.CharField(_("short name"), max_length=10, unique=True, editable=False)
    framework = models.CharField(_("framework"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ["pk"]

    def __str__(self) -> str:
        text = self.text
        return text.name if text else self.uri

    @property
    def text(self) -> SkillName | None:
        return best_text(self.names.all())

    @staticmethod
    def slug_of(uri: str) -> str:
        """The same address has the same short name on every site."""
        return sha256(uri.encode()).hexdigest()[:10]


class SkillName(models.Model):
    """A skill's name in one language."""

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="names")
    language = models.CharField(_("language"), max_length=20)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["skill", "language"], name="col_one_catalogue_skill_name"
            )
        ]

    def __str__(self) -> str:
        return self.name
