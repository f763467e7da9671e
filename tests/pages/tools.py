"""Course providers in the admin, for tests: accounts and addresses."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from tests import factories


def coordinator(*may: str, name: str = "cora"):
    """An account in a group that may do these things with course providers."""
    group = Group.objects.create(name=f"Coordinators of {name}")
    codenames = [f"{action}_tool" for action in may or ("add", "change", "view", "delete")]
    group.permissions.set(
        Permission.objects.filter(content_type__app_label="col_lti", codename__in=codenames)
    )
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user = factories.UserFactory(username=name)
    user.groups.add(group)
    return user


def to(page: str, *args: Any) -> str:
    """The address of one of the pages about course providers."""
    return reverse(f"col_course_providers:{page}", args=args)


def may_form(**values) -> dict:
    """The posted form of what a provider may do, nothing ticked."""
    return {"opens_in": "window"} | values


def addresses_form(**values) -> dict:
    """The posted form of a provider's addresses, complete."""
    return {
        "name": "Course house",
        "login_url": "https://tool.example.org/login",
        "launch_url": "https://tool.example.org/launch",
        "deep_linking_url": "https://tool.example.org/pick",
        "redirect_uris": "",
        "jwks_url": "https://tool.example.org/jwks",
        "jwks": "",
        "custom": "",
        "description": "",
    } | values
