"""What a step says and asks of a learner, whatever the line it is on."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from wagtail_col.learning.models import Step, StepKind
from wagtail_col.learning.rules import StepRule

#: Shown instead of the title of something that is not public any more.
NO_LONGER_OFFERED = _("No longer offered")


def step_rules(steps: Iterable[Step]) -> list[StepRule]:
    """The steps of one playlist as the rules know them, by primary key."""
    return [StepRule(step.pk, step.is_required, step.choice) for step in steps]


def may_say_so(step: Step) -> bool:
    """Whether saying that one did the step is enough: it is online and nothing else.

    Whoever was at a place shows it with the code the organiser gave them there.
    """
    if step.kind == StepKind.LINK:
        return True
    return step.listing is not None and step.listing.is_online and not step.listing.is_local


def is_offered(step: Step) -> bool:
    """Whether the step can be done at all: its opportunity is there and public."""
    return step.kind == StepKind.LINK or (step.listing is not None and step.listing.is_published)


def title_of(step: Step) -> str:
    """The step's title in the active language. That of a withdrawn opportunity is not shown."""
    text = step.text
    if text and text.title:
        return text.title
    if step.listing is not None and step.listing.is_published and step.listing.text:
        return step.listing.text.title
    return str(NO_LONGER_OFFERED)
