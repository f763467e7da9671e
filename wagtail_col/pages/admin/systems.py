"""Systems that issue badges, in the editors' menu. Only for sites that have ``wagtail_col.api``."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.generic import TemplateView
from oauth2_provider.generators import generate_client_secret
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from wagtail_col.api import connecting
from wagtail_col.api.addresses import absolute
from wagtail_col.api.models import Application
from wagtail_col.api.scopes import ISSUE
from wagtail_col.badges import keys, permissions
from wagtail_col.badges.models import Issuer

NAME = "col_systems"
ICON = "link"


def may_look(user) -> bool:
    """Whether somebody looks after the badges of any organisation."""
    return permissions.is_editor(user) or permissions.teams_of(user).exists()


def issuers_of(user) -> list[Issuer]:
    """The organisations whose badges somebody looks after; the site's own may not be stored yet."""
    if not permissions.is_editor(user):
        return list(permissions.teams_of(user).order_by("name"))
    stored = list(Issuer.objects.filter(is_endorser=False).order_by("name"))
    return stored if any(not each.slug for each in stored) else [keys.shown_issuer(), *stored]


def systems_of(user) -> QuerySet[Application]:
    """Their systems, the newest first."""
    systems = Application.objects.filter(
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS, issuer__isnull=False
    )
    if not permissions.is_editor(user):
        systems = systems.filter(issuer__in=permissions.teams_of(user).values("pk"))
    return systems.select_related("issuer", "made_by").order_by("-created", "-pk")


class SystemForm(forms.Form):
    """A name people know it by, and whose badges it gives."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("For example “Course administration”. Only editors see it."),
    )
    issuer = forms.ChoiceField(
        label=gettext_lazy("Whose badges it gives"),
        required=False,
        help_text=gettext_lazy("It gives and takes back the badges of this organisation alone."),
    )

    def __init__(self, *args: Any, issuers: list[Issuer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issuer"].choices = [(each.slug, each.name) for each in issuers]

    def clean_issuer(self) -> Issuer:
        slug = self.cleaned_data["issuer"]
        if slug not in dict(self.fields["issuer"].choices):
            raise forms.ValidationError(_("Choose one of these."))
        return Issuer.objects.get(slug=slug) if slug else keys.site_issuer()


class SystemsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_look(request.user)


class _SystemsView(WagtailAdminTemplateMixin, TemplateView):
    """For who looks after an organisation's badges."""

    header_icon = ICON

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_look(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, *self.trail(), {"url": "", "label": self.get_page_title()}]

    def trail(self) -> list[dict]:
        return []


@method_decorator(never_cache, name="dispatch")
class IndexView(_SystemsView):
    """The systems, and the form for one more. Its secret is shown once and never stored."""

    page_title = gettext_lazy("Systems that issue badges")
    template_name = "wagtail_col/pages/systems.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(SystemForm(issuers=issuers_of(request.user)))

    @sensitive_variables("secret")
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SystemForm(request.POST, issuers=issuers_of(request.user))
        if not form.is_valid():
            messages.error(request, _("Nothing was added. See below what to change."))
            return self.answer(form)
        secret = generate_client_secret()
        system = Application.objects.create(
            name=form.cleaned_data["name"],
            issuer=form.cleaned_data["issuer"],
            client_secret=secret,
            client_type=Application.CLIENT_CONFIDENTIAL,
            authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
            made_by=request.user,
        )
        self.template_name = "wagtail_col/pages/systems_secret.html"
        return self.render_to_response(
            self.get_context_data(system=system, values=_values(system, secret))
        )

    def answer(self, form: SystemForm) -> HttpResponse:
        systems = systems_of(self.request.user)
        return self.render_to_response(self.get_context_data(form=form, systems=systems))


def _values(system: Application, secret: str) -> list[dict[str, str]]:
    """What is copied to the other side; ``also``: what programs call it."""
    api = absolute("awards").removesuffix("/awards")
    return [
        {"name": name, "label": label, "also": also, "value": value}
        for name, label, also, value in (
            ("id", _("Client id"), "client_id", system.client_id),
            ("secret", _("Secret"), "client_secret", secret),
            ("token", _("Where it gets a token"), "token endpoint (OAuth 2.0)", absolute("token")),
            ("scope", _("What it may do"), "scope", ISSUE),
            ("api", _("Where it gives badges"), "API", api),
            ("description", _("How, for programmers"), "OpenAPI 3.0", absolute("openapi")),
        )
    ]


class StopView(_SystemsView):
    """Asks, and stops a system."""

    page_title = gettext_lazy("Stop a system")
    template_name = "wagtail_col/pages/systems_stop.html"

    @cached_property
    def system(self) -> Application:
        found = systems_of(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise PermissionDenied
        return found

    def trail(self) -> list[dict]:
        return [{"url": reverse(f"{NAME}:index"), "label": _("Systems that issue badges")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(system=self.system, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        connecting.stop_system(self.system)
        messages.success(
            request, _("%(system)s gives no badges any more.") % {"system": self.system.name}
        )
        return redirect(f"{NAME}:index")


class SystemsViewSet(ViewSet):
    """Let an organisation's own system give its badges, and stop it."""

    name = NAME
    url_prefix = "learning/systems"
    icon = ICON
    menu_label = gettext_lazy("Systems that issue badges")
    menu_item_class = SystemsMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", IndexView.as_view(), name="index"),
            path("<int:pk>/stop/", StopView.as_view(), name="stop"),
        ]
