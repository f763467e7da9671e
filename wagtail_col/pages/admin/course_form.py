"""The form below what was picked: which of it to add, and what each step asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_col.pages.admin.placing import Addition


class PicksForm(forms.Form):
    """A row for each pick (``wagtail_col.lti.picking.Pick``).

    ``steps``: those of the playlist's draft; a pick that is one of them already is brought up to
    date. ``takes_one``: exactly one pick can be taken, for an opportunity.
    """

    def __init__(self, data: Any = None, *, picks: list, steps: list, takes_one: bool) -> None:
        super().__init__(data)
        self.picks, self.takes_one = picks, takes_one
        self.steps = {pick.number: _step_of(pick, steps) for pick in picks}
        if takes_one:
            self.fields["take"] = forms.TypedChoiceField(
                label=gettext_lazy("Course"),
                coerce=int,
                choices=[(pick.number, pick.title) for pick in picks],
                initial=picks[0].number if len(picks) == 1 else None,
                error_messages={"required": gettext_lazy("Choose one of them.")},
            )
        for pick in picks:
            self._add_row(pick)

    def _add_row(self, pick: Any) -> None:
        number, step = pick.number, self.steps[pick.number]
        if not self.takes_one:
            self.fields[f"take-{number}"] = forms.BooleanField(
                label=gettext_lazy("Add it"), required=False, initial=not pick.is_elsewhere
            )
        self.fields[f"minutes-{number}"] = forms.IntegerField(
            label=gettext_lazy("How many minutes it takes"),
            required=False,
            min_value=1,
            max_value=1_000_000,
            initial=pick.item.minutes or (step.minutes if step else None),
        )
        if pick.item.is_course and not self.takes_one:
            self.fields[f"percent-{number}"] = forms.IntegerField(
                label=gettext_lazy("Score to reach, in percent"),
                required=False,
                min_value=1,
                max_value=100,
                initial=step.pass_percent if step else None,
                help_text=gettext_lazy("Empty: it is done when the course provider says so."),
            )

    def rows(self) -> list[dict[str, Any]]:
        """For the template: each pick with its fields."""

        def bound(name: str, pick: Any) -> Any:
            return self[f"{name}-{pick.number}"] if f"{name}-{pick.number}" in self.fields else None

        return [
            {
                "pick": pick,
                "step": self.steps[pick.number],
                "take": bound("take", pick),
                "is_taken": self.takes_one and str(self["take"].value()) == str(pick.number),
                "minutes": bound("minutes", pick),
                "percent": bound("percent", pick),
            }
            for pick in self.picks
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if not self.takes_one and not self.chosen():
            raise ValidationError(_("Tick what you want to add."))
        return values

    def chosen(self) -> list[int]:
        """The numbers of the picks to add, in their order."""
        values = self.cleaned_data
        if self.takes_one:
            return [values["take"]] if "take" in values else []
        return [pick.number for pick in self.picks if values.get(f"take-{pick.number}")]

    def additions(self, courses: Mapping[int, Any]) -> list[Addition]:
        """What to put into the page; ``courses``: those that were saved, by number."""
        picks = {pick.number: pick for pick in self.picks}
        return [self._addition(picks[number], courses.get(number)) for number in self.chosen()]

    def _addition(self, pick: Any, course: Any) -> Addition:
        values, number = self.cleaned_data, pick.number
        return Addition(
            course=course,
            link="" if course else pick.item.url,
            title="" if course else pick.title,
            instruction=pick.item.text if self.takes_one or not course else "",
            minutes=values.get(f"minutes-{number}"),
            pass_percent=values.get(f"percent-{number}"),
        )


def _step_of(pick: Any, steps: list) -> Any:
    """The step that a pick is already, if any."""
    for step in steps:
        if pick.course and step.course == pick.course.key:
            return step
        if not pick.item.is_course and step.link == pick.item.url:
            return step
    return None
