"""Wagtail's views of badges, with what Wagtail leaves open closed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views import chooser, snippets

from wagtail_col.badges import permissions, pictures
from wagtail_col.badges.models import Achievement
from wagtail_col.badges.views.serving import PICTURE_POLICY
from wagtail_col.pages.admin import badge_templates
from wagtail_col.pages.admin.badge_panels import drawn


class _LiveBadges:
    """Only a live badge is awarded, so only a live one is offered; drafts stay among editors."""

    def get_object_list(self) -> QuerySet[Achievement]:
        return super().get_object_list().filter(live=True).prefetch_related("texts")


class ChooseBadgeView(_LiveBadges, chooser.ChooseView):
    pass


class ChooseBadgeResultsView(_LiveBadges, chooser.ChooseResultsView):
    pass


class ChosenBadgeView(chooser.SnippetChosenView):
    def get_object(self, pk: str) -> Achievement:
        return Achievement.objects.get(pk=pk, live=True)


class ChosenBadgesView(chooser.SnippetChosenMultipleView):
    def get_objects(self, pks: list[str]) -> QuerySet[Achievement]:
        return super().get_objects(pks).filter(live=True)


class BadgeChooserViewSet(chooser.SnippetChooserViewSet):
    choose_view_class = ChooseBadgeView
    choose_results_view_class = ChooseBadgeResultsView
    chosen_view_class = ChosenBadgeView
    chosen_multiple_view_class = ChosenBadgesView


class BadgePolicy(ModelPermissionPolicy):
    """Wagtail's permissions; and who is in an issuer's team makes that issuer's badges."""

    def user_has_permission(self, user, action: str) -> bool:
        in_team = action in ("add", "change", "publish", "view") and _is_in_a_team(user)
        return in_team or super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user, action: str, instance: Achievement) -> bool:
        if _is_in_a_team(user) and not permissions.may_award(user, instance):
            return False
        return self.user_has_permission(user, action)


def _is_in_a_team(user) -> bool:
    return not user.is_superuser and permissions.teams_of(user).exists()


def own_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of one badge, closed to the teams of other issuers."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "pk" in kwargs and _is_in_a_team(request.user):
            badge = get_object_or_404(Achievement, pk=kwargs["pk"])
            if not permissions.may_award(request.user, badge):
                raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


class AddView(snippets.CreateView):
    """A new badge, begun from a template when the address names one."""

    def get_initial_form_instance(self) -> Achievement | None:
        template = badge_templates.find(self.request.GET.get("template", ""))
        if template is None or self.request.method == "POST":
            return super().get_initial_form_instance()
        return badge_templates.begun(template)


@require_safe
def draw(request: HttpRequest) -> HttpResponse:
    """The drawing of what stands in a badge's form; ``badge`` gives the territory behind it."""
    outline = None
    if (number := request.GET.get("badge", "")).isdecimal():
        found = permissions.awardable_by(request.user).filter(pk=number)
        outline = found.values_list("outline", flat=True).first()
    picture = pictures.svg(drawn(request.GET.dict(), outline))
    response = HttpResponse(picture, content_type="image/svg+xml")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = PICTURE_POLICY
    response["Cache-Control"] = "private, max-age=300"
    return response


class _ForEditors:
    """Wagtail's workflow views name a badge before they ask who is looking; this asks first."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        badge = get_object_or_404(Achievement, pk=kwargs["pk"])
        may_edit = BadgePolicy(Achievement).user_has_any_permission(
            request.user, {"add", "change", "publish"}
        )
        task = badge.current_workflow_task
        if not may_edit and not (task and task.user_can_access_editor(badge, request.user)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class WorkflowActionView(_ForEditors, snippets.WorkflowActionView):
    pass


class CollectWorkflowActionDataView(_ForEditors, snippets.CollectWorkflowActionDataView):
    pass


class WorkflowPreviewView(_ForEditors, snippets.WorkflowPreviewView):
    pass
