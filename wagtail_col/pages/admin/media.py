"""Pictures and documents of other people: Wagtail's API for its admin lists all of them."""

from __future__ import annotations

import wagtail
from django.apps import apps
from django.db.models import QuerySet
from django.utils.module_loading import import_string
from wagtail.images import get_image_model

#: The name in the API, the app and its viewset.
ENDPOINTS = (
    ("images", "wagtail.images", "ImagesAdminAPIViewSet"),
    ("documents", "wagtail.documents", "DocumentsAdminAPIViewSet"),
)


def narrow(router) -> None:
    """Put narrowed viewsets in the place of Wagtail's."""
    for name, app, viewset in ENDPOINTS:
        if apps.is_installed(app):
            found = import_string(f"{app}.api.admin.views.{viewset}")
            router.register_endpoint(name, _narrowed(found, app))


def _narrowed(viewset: type, app: str) -> type:
    class Narrowed(viewset):
        def get_queryset(self) -> QuerySet:
            mine = _policy(app, self.model).instances_user_has_any_permission_for(
                self.request.user, ["choose"]
            )
            return super().get_queryset().filter(pk__in=mine.values_list("pk", flat=True))

    return type(viewset.__name__, (Narrowed,), {})


def may_choose_image(user, pk: int) -> bool:
    """Whether somebody may put a picture into a text; Wagtail 7.4 does not ask."""
    mine = _policy("wagtail.images", get_image_model()).instances_user_has_any_permission_for(
        user, ["choose"]
    )
    return mine.filter(pk=pk).exists()


def _policy(app: str, model: type):
    if wagtail.VERSION >= (8, 0):
        from wagtail.permissions import policy_registry

        return policy_registry.get_by_type(model)
    return import_string(f"{app}.permissions.permission_policy")
