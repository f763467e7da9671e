"""Issuers in the editors' menu: the site itself, and organisations that give their own badges."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import wagtail
from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_col.badges import permissions
from wagtail_col.badges.endorsement_signing import PREFIX
from wagtail_col.badges.models import Issuer


def is_used(issuer: Issuer) -> bool:
    """Whether anything out in the world names it, or will: then it stays for ever."""
    return (
        not issuer.slug
        or issuer.achievements.exists()
        or issuer.keys.exists()
        or issuer.status_lists.exists()
        or issuer.endorsements.exists()
    )


class IssuerPolicy(ModelPermissionPolicy):
    """Wagtail's permissions; and teams look at their own issuer, and change none."""

    def user_has_permission(self, user, action: str) -> bool:
        if not user.is_superuser and permissions.teams_of(user).exists():
            return action == "view"
        if action == "view" and permissions.is_editor(user):
            return True
        return super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user, action: str, instance: Issuer) -> bool:
        if action == "delete" and is_used(instance):
            return False
        return self.user_has_permission(user, action)


class IssuerForm(WagtailAdminModelForm):
    """The short name is a part of what is signed: chosen once, never changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slug = self.fields["slug"]
        if self.instance.pk:
            slug.disabled = True
            slug.help_text = (
                _("Part of every badge that was given, so it does not change.")
                if self.instance.slug
                else _("None: this is the site itself.")
            )
        else:
            slug.help_text = _(
                "For example “city-library”. It becomes part of the address and of every badge, "
                "and cannot be changed later."
            )
        self.fields["team"].queryset = _organisations_groups()

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if self.instance.pk:
            return slug
        if not slug and Issuer.objects.filter(slug="").exists():
            raise ValidationError(_("A short name is needed. Only the site itself has none."))
        if slug.startswith(PREFIX):
            raise ValidationError(_("Short names that begin like this are kept for endorsers."))
        if slug != slug.lower():
            raise ValidationError(_("Write it in small letters."))
        return slug


def _organisations_groups() -> QuerySet[Group]:
    """Groups that can be one organisation's: who is in an issuer's team is narrowed to it, so the
    groups of those who look after the whole site are not offered."""
    app, codename = permissions.SITE_WIDE.split(".")
    wide = Q(permissions__content_type__app_label=app, permissions__codename=codename)
    return Group.objects.exclude(wide).order_by("name")


class IndexView(generic.IndexView):
    """Endorsements of an issuer are asked for from here, by its team as well."""

    default_ordering = "slug"

    def get_base_queryset(self) -> QuerySet[Issuer]:
        issuers = super().get_base_queryset().filter(is_endorser=False).select_related("team")
        user = self.request.user
        if self.user_has_permission("change") or permissions.is_editor(user):
            return issuers
        return issuers.filter(pk__in=permissions.teams_of(user).values("pk"))

    def get_list_more_buttons(self, instance: Issuer) -> list[Button]:
        buttons = super().get_list_more_buttons(instance)
        buttons.append(
            Button(
                _("Endorsements"),
                reverse("col_admin_issuer_endorsements", args=[instance.pk]),
                icon_name="col-badge",
                priority=40,
            )
        )
        return buttons


class DeleteView(generic.DeleteView):
    """Only what was never used is deleted."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_used(get_object_or_404(Issuer, pk=self.kwargs["pk"])):
            messages.error(request, _("Badges name this issuer, so it cannot be deleted."))
            return redirect(self.index_url_name)
        return super().dispatch(request, *args, **kwargs)


def own_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of one issuer: not for endorsers (404), nor for the team of another one (403)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "pk" in kwargs:
            issuer = get_object_or_404(Issuer, pk=kwargs["pk"], is_endorser=False)
            if not policy.user_has_any_permission(request.user, ("change", "delete")) and not (
                permissions.may_manage(request.user, issuer)
            ):
                raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


policy = IssuerPolicy(Issuer)


class IssuersViewSet(ModelViewSet):
    """Who signs the badges. Those who only stand by badges of others are not among them."""

    model = Issuer
    name = "col_issuers"
    url_prefix = "learning/issuers"
    icon = "site"
    menu_label = gettext_lazy("Issuers")
    list_display = ["name", "team"]
    index_view_class = IndexView
    delete_view_class = DeleteView
    copy_view_enabled = False
    inspect_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("name", help_text=gettext_lazy("As it should stand on every badge.")),
            FieldPanel("slug", widget=forms.TextInput),
            FieldPanel("url"),
            FieldPanel("email", help_text=gettext_lazy("Everybody can read it.")),
            FieldPanel(
                "description",
                help_text=gettext_lazy("Two or three sentences on the page about this issuer."),
            ),
            FieldPanel("team"),
            FieldPanel("status_form"),
        ],
        base_form_class=IssuerForm,
    )

    if wagtail.VERSION < (8, 0):
        permission_policy = policy

    def construct_view(self, view_class: type, **kwargs: Any) -> Callable[..., HttpResponse]:
        return own_only(super().construct_view(view_class, **kwargs))


def register_policy() -> None:
    """Wagtail 8 keeps policies in a registry; before, the viewset says its own."""
    if wagtail.VERSION >= (8, 0):
        from wagtail.permissions import register_permission_policy

        register_permission_policy(Issuer, policy)
