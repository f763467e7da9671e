"""What a badge leads to is given with it: the tie between giving and earning."""

from __future__ import annotations

from typing import Any

from wagtail_col.badges import earning
from wagtail_col.badges.models import Award


def give_what_follows(sender: type, award: Award, **kwargs: Any) -> None:
    """A receiver of ``signals.awarded``."""
    earning.consider(award.learner, award.achievement, language=award.language)
