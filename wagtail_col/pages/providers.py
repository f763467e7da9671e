"""Each provider has a team: a group that may edit the provider's pages and nothing else.

The group may add and change, not publish, so whatever a member wants to publish passes the
site's workflow. Its pictures and documents lie in a collection of its own.
"""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext as _
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission
from wagtail.signals import page_published

from wagtail_col.pages.models import ProviderTeam
from wagtail_col.pages.types.provider import ProviderPageMixin

#: What a team may do with its pages.
PAGE_RIGHTS = ("add", "change")
#: What it may do in its collection: (app, codename).
COLLECTION_RIGHTS = (
    ("wagtailimages", "add_image"),
    ("wagtailimages", "choose_image"),
    ("wagtaildocs", "add_document"),
    ("wagtaildocs", "choose_document"),
)


@transaction.atomic
def ensure_team(page: ProviderPageMixin) -> ProviderTeam | None:
    """The team of a provider's page, made and brought up to date; None for an alias."""
    if page.alias_of_id:
        return None
    teams = ProviderTeam.objects.select_related("group", "collection")
    team = teams.filter(key=page.translation_key).first()
    if team is None:
        team = _make_team(page)
    else:
        _rename(team, page)
    if not GroupPagePermission.objects.filter(group=team.group, page_id=page.pk).exists():
        for right in PAGE_RIGHTS:
            GroupPagePermission.objects.create(
                group=team.group, page_id=page.pk, permission_type=right
            )
    return team


def _make_team(page: ProviderPageMixin) -> ProviderTeam:
    name = _free_name(_name(page))
    group = Group.objects.create(name=name)
    group.permissions.add(
        *Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin")
    )
    collection = Collection.get_first_root_node().add_child(name=name)
    for permission in Permission.objects.filter(_any_of(COLLECTION_RIGHTS)):
        GroupCollectionPermission.objects.create(
            group=group, collection=collection, permission=permission
        )
    return ProviderTeam.objects.create(key=page.translation_key, group=group, collection=collection)


def _rename(team: ProviderTeam, page: ProviderPageMixin) -> None:
    """The group and its collection follow the provider's name; who is in it stays in it."""
    first = type(page).objects.filter(translation_key=page.translation_key).order_by("pk").first()
    name = _name(first or page)
    if team.group.name == name or team.group.name.startswith(f"{name} ("):
        return
    team.group.name = _free_name(name)
    team.group.save(update_fields=["name"])
    if team.collection:
        team.collection.name = team.group.name
        team.collection.save(update_fields=["name"])


def _name(page: ProviderPageMixin) -> str:
    return _("Provider: %(title)s") % {"title": page.title[:120]}


def _free_name(name: str) -> str:
    """The name, with a number when another group has it already."""
    wanted, number = name, 1
    while Group.objects.filter(name=wanted).exists():
        number += 1
        wanted = f"{name} ({number})"
    return wanted


def _any_of(rights: tuple[tuple[str, str], ...]) -> Q:
    wanted = Q()
    for app, codename in rights:
        wanted |= Q(content_type__app_label=app, codename=codename)
    return wanted


def _on_published(instance, **kwargs) -> None:
    if isinstance(instance, ProviderPageMixin):
        ensure_team(instance)


def _on_saved(instance, created: bool, raw: bool, **kwargs) -> None:
    if created and not raw and isinstance(instance, ProviderPageMixin):
        ensure_team(instance)


def _on_deleted(instance, **kwargs) -> None:
    """A provider without any page has no team: nobody keeps a way into the admin by it."""
    if not isinstance(instance, ProviderPageMixin):
        return
    if type(instance).objects.filter(translation_key=instance.translation_key).exists():
        return
    for team in ProviderTeam.objects.filter(key=instance.translation_key):
        team.group.delete()


def connect() -> None:
    """Listen. Called once, when the app is ready."""
    uid = "wagtail_col.pages.providers"
    page_published.connect(_on_published, dispatch_uid=uid)
    post_save.connect(_on_saved, dispatch_uid=uid)
    post_delete.connect(_on_deleted, dispatch_uid=uid)
