"""Putting picked courses into a page: always its newest draft, never what the public sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from wagtail.models import Page


class NotNow(Exception):
    """The page cannot be changed now by this person. ``str()`` says why, in their language."""


@dataclass(frozen=True)
class Addition:
    """A step to be: a course (``lti.models.Course``), or a web link with its title."""

    course: Any = None
    link: str = ""
    title: str = ""
    instruction: str = ""
    minutes: int | None = None
    pass_percent: int | None = None


def check_may_change(page: Page, user) -> None:
    """Raises ``NotNow`` where the page is locked, or ``user`` may not edit it."""
    if page.alias_of_id:
        raise NotNow(_("This page follows another one. Change that one instead."))
    if not page.permissions_for_user(user).can_edit():
        raise NotNow(_("You may not change this page."))
    lock = page.get_lock()
    if lock and lock.for_user(user):
        raise NotNow(strip_tags(str(lock.get_message(user))))


@transaction.atomic
def add_to_playlist(page: Page, additions: Sequence[Addition], user) -> tuple[int, int]:
    """Add steps to a playlist's draft, or bring those with the same course or link up to date.

    Returns how many are new and how many were there. Everything else of the draft stays; it is not
    published. Raises ``NotNow``.
    """
    draft = _draft(page, user)
    model = draft._meta.get_field("steps").related_model
    steps = list(draft.steps.all())
    there = {step.course or step.link: step for step in steps if step.course or step.link}
    position = max((step.sort_order or 0 for step in steps), default=-1)
    new = 0
    for addition in additions:
        key = addition.course.key if addition.course else addition.link
        step = there.get(key)
        if step is None:
            position, new = position + 1, new + 1
            step = model(locale=draft.locale, sort_order=position)
            steps.append(step)
        _write(step, addition)
    draft.steps.set(steps)
    _save(draft, user)
    return new, len(additions) - new


def _write(step, addition: Addition) -> None:
    """What the editor wrote themselves into a step that is there stays."""
    if addition.course:
        step.course = addition.course.key
        step.pass_percent = addition.pass_percent
    else:
        step.link = addition.link
        step.title = step.title or addition.title
        step.instruction = step.instruction or addition.instruction
    step.minutes = addition.minutes or step.minutes


@transaction.atomic
def set_course(page: Page, addition: Addition, user) -> None:
    """Make an opportunity's draft one of an online course, or of a web page.

    What the editor has filled in stays, except the course. Raises ``NotNow``.
    """
    draft = _draft(page, user)
    if addition.course:
        draft.course = addition.course.key
    else:
        draft.link = draft.link or addition.link
    draft.is_online = True
    draft.minutes = draft.minutes or addition.minutes
    draft.summary = draft.summary or addition.instruction
    _save(draft, user)


def _draft(page: Page, user) -> Page:
    """The newest draft, which nobody else writes to until the transaction ends."""
    page = type(page)._default_manager.select_for_update(of=("self",)).get(pk=page.pk)
    check_may_change(page, user)
    return page.get_latest_revision_as_object()


def _save(draft: Page, user) -> None:
    # As Wagtail's own editor saves a draft: it may lack what publishing asks for.
    draft.save_revision(user=user, log_action=True, clean=False)
