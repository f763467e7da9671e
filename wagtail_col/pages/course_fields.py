"""Online courses in the forms of playlists and opportunities: a choice of what may be used there.

A site without ``wagtail_col.lti`` has neither the fields nor anything else of this.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.apps import apps
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm

from wagtail_col.pages.badge_fields import BadgeOfPageMixin
from wagtail_col.pages.rule_fields import RuleOfPageMixin
from wagtail_col.pages.slug_fields import SlugOfPageMixin
from wagtail_col.pages.widgets import CourseSelect

#: Fields that only a site with online courses has.
COURSE_FIELDS = ("course", "pass_percent")


def are_there() -> bool:
    """Whether this site has online courses at all."""
    return apps.is_installed("wagtail_col.lti")


def keys_above(page) -> list[UUID]:
    """The keys of a page and of all above it: what a course provider may be offered to."""
    if page is None or not page.path:
        return []
    return list(page.get_ancestors(inclusive=True).values_list("translation_key", flat=True))


@dataclass(frozen=True)
class CourseOptions:
    """``offered``: courses one may choose. ``kept``: those that stand in the page already, by key,
    whether one may choose them or not (``wagtail_col.lti.courses.Choice``)."""

    offered: list = field(default_factory=list)
    kept: dict[UUID, Any] = field(default_factory=dict)

    def beside(self, value: UUID | None) -> list:
        """What may stand in a field that holds ``value``."""
        if value is None or any(choice.key == value for choice in self.offered):
            return self.offered
        return [*self.offered, *([self.kept[value]] if value in self.kept else [])]


def course_options(page, held: Iterable[UUID | None]) -> CourseOptions:
    """The courses for a page below ``page``, or for itself; ``held``: keys that stand in it."""
    if not are_there():
        return CourseOptions()
    from wagtail_col.lti.courses import choices, kept_choices

    offered = choices(keys_above(page))
    known = {choice.key for choice in offered}
    return CourseOptions(offered, kept_choices(key for key in held if key and key not in known))


class CourseField(forms.TypedChoiceField):
    """The key of a course, chosen by its title."""

    widget = CourseSelect

    def __init__(self, options: list, **kwargs: Any) -> None:
        super().__init__(
            choices=[("", "—"), *((str(choice.key), choice.label) for choice in options)],
            coerce=UUID,
            empty_value=None,
            required=False,
            **kwargs,
        )
        self.widget.titles = {str(choice.key): choice.title for choice in options}

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(initial or "") != str(data or "")


def put_courses(form: forms.ModelForm, options: CourseOptions | None) -> None:
    """Give a form its choice of courses, or take the fields out where there are none."""
    if not are_there():
        for name in COURSE_FIELDS:
            form.fields.pop(name, None)
    elif "course" in form.fields:
        plain = form.fields["course"]
        value = form.instance.course
        form.fields["course"] = CourseField(
            (options or course_options(None, [value])).beside(value),
            label=plain.label,
            help_text=plain.help_text,
        )


class StepFormMixin:
    """The form of one step. ``courses``: what the playlist's form knows."""

    def __init__(self, *args: Any, courses: CourseOptions | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_courses(self, courses)


def step_form(base: type | None) -> type[WagtailAdminModelForm]:
    """The class of a step's form, upon the one Wagtail would take."""
    base = base or WagtailAdminModelForm
    return type(base)("StepForm", (StepFormMixin, base), {})


class PlaylistForm(SlugOfPageMixin, RuleOfPageMixin, BadgeOfPageMixin, WagtailAdminPageForm):
    """A playlist's form: its steps' forms get their choice of courses from it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        page = kwargs["instance"]
        held = [step.course for step in page.steps.all()]
        self.courses = course_options(page if page.path else kwargs.get("parent_page"), held)
        super().__init__(*args, **kwargs)


class OpportunityForm(SlugOfPageMixin, BadgeOfPageMixin, WagtailAdminPageForm):
    """An opportunity's form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page = self.instance
        above = page if page.path else self.parent_page
        put_courses(self, course_options(above, [page.course]))
        for name in ("interests", "skills"):
            if name in self.fields:
                # Names of all of them in one query, not each when it is shown.
                self.fields[name].queryset = self.fields[name].queryset.prefetch_related("names")
