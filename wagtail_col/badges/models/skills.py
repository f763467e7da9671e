from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from wagtail_col.badges.texts import check_signable
from wagtail_col.records import best_text


class Framework(models.TextChoices):
    ESCO = "esco", _("ESCO: transversal skills")
    DIGCOMP = "digcomp", _("DigComp: digital skills")
    LIFECOMP = "lifecomp", _("LifeComp: personal and social skills")
    OWN = "own", _("Our own")


class Skill(ClusterableModel):
    """Something one can do, as a framework names it; its ``uri`` goes into every badge."""

    framework = models.CharField(
        _("framework"), max_length=10, choices=Framework.choices, default=Framework.OWN
    )
    code = models.CharField(_("code"), max_length=40, blank=True)
    #: Empty for a skill of the site's own: then its address on this site.
    uri = models.URLField(_("address in the framework"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ["framework", "code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["uri"], condition=~models.Q(uri=""), name="col_one_skill_a_uri"
            )
        ]

    def __str__(self) -> str:
        text = best_text(self.names.all())
        return text.name if text else self.uri or str(self.pk)


class SkillName(models.Model):
    """A skill in one language."""

    skill = ParentalKey(Skill, on_delete=models.CASCADE, related_name="names")
    language = models.CharField(_("language"), max_length=20)
    name = models.CharField(_("name"), max_length=200, validators=[check_signable])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["skill", "language"], name="col_one_skill_name")
        ]

    def __str__(self) -> str:
        return self.name
