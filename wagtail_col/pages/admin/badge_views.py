"""Wagtail's views of badges, with what Wagtail leaves open closed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views import chooser, snippets

from wagtail_col.badges.models import Achievement


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


class _ForEditors:
    """Wagtail's workflow views name a badge before they ask who is looking; this asks first."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        badge = get_object_or_404(Achievement, pk=kwargs["pk"])
        may_edit = ModelPermissionPolicy(Achievement).user_has_any_permission(
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
