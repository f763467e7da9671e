"""Who edits a part of the site sees that part, in Wagtail's lists and choosers too.

Wagtail's page choosers show every page, drafts of other organisations among them. They are
narrowed to what is published for everybody and to what the person may edit or has to pass on the
way there.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from wagtail.permissions import page_permission_policy


def choosable(pages: QuerySet, request: HttpRequest) -> QuerySet:
    """The pages of a chooser that somebody may know of."""
    if request.user.is_superuser:
        return pages
    own = page_permission_policy.explorable_instances(request.user).values_list("pk", flat=True)
    public = pages.model.objects.live().public().values_list("pk", flat=True)
    return pages.filter(Q(pk__in=own) | Q(pk__in=public))


def explorable(parent_page, pages: QuerySet, request: HttpRequest) -> QuerySet:
    """The pages of the explorer, also when a site's settings let its search show all."""
    if request.user.is_superuser:
        return pages
    own = page_permission_policy.explorable_instances(request.user).values_list("pk", flat=True)
    return pages.filter(pk__in=own)
