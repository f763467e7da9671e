"""Putting pages into the tree: as an editor does, or many of them as an import does."""

from typing import TypeVar

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Locale, Page

PageT = TypeVar("PageT", bound=Page)


def publish(
    parent: Page, page: PageT, by: User, *, author: User | None = None, **values: object
) -> PageT:
    """Add a page below ``parent`` and publish it; returns it as it is in the database.

    ``author`` wrote it, when that is somebody else than who publishes it.
    """
    _place(parent, page, author or by, values)
    return _publish(page, by, author)


def put(parent: Page, page: PageT, by: User, **values: object) -> PageT:
    """Add a live page without its history, in a third of the time: for what comes from a file.

    Nobody is told of it: the command ``rebuild_records`` has to follow.
    """
    _place(parent, page, by, values)
    page.live, page.has_unpublished_changes = True, False
    page.first_published_at = page.last_published_at = timezone.now()
    page.save(clean=False)
    return page


def translate(page: PageT, locale: Locale, by: User, **values: object) -> PageT:
    """The page in another language with the values that differ, published. Its parent comes first.

    Wagtail's own copy: a translation shares the page's translation key, and so do its steps.
    """
    other = page.copy_for_translation(locale)
    other.owner = by
    for name, value in values.items():
        setattr(other, name, value)
    return _publish(other, by)


def _place(parent: Page, page: Page, owner: User, values: dict[str, object]) -> None:
    """Add the page as a draft."""
    page.live = False
    page.owner = owner
    page.locale = parent.locale if parent.depth > 1 else page.locale
    for name, value in values.items():
        setattr(page, name, value)
    page.slug = page.slug or free_slug(parent, page.title)
    parent.add_child(instance=page)


def free_slug(parent: Page, title: str) -> str:
    """A short name that no other page below ``parent`` has."""
    wanted = slugify(title)[:80] or "page"
    taken = set(parent.get_children().values_list("slug", flat=True))
    number, slug = 1, wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def _publish(page: PageT, by: User, author: User | None = None) -> PageT:
    page.save_revision(user=author or by).publish(user=by)
    return type(page).objects.get(pk=page.pk)
