"""The colours a line may have. They are CSS tokens (``--col-line-…``), so a theme bends them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LineColour(models.TextChoices):
    RED = "red", _("Red")
    CORAL = "coral", _("Coral")
    AMBER = "amber", _("Amber")
    OLIVE = "olive", _("Olive")
    LEAF = "leaf", _("Leaf green")
    TEAL = "teal", _("Teal")
    LAGOON = "lagoon", _("Lagoon")
    BLUE = "blue", _("Blue")
    INDIGO = "indigo", _("Indigo")
    VIOLET = "violet", _("Violet")
    MAGENTA = "magenta", _("Magenta")
    SLATE = "slate", _("Slate")
