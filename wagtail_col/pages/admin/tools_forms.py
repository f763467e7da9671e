"""Forms about course providers: their addresses and keys, and what they may do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_col.catalogue.models import Provider, Territory
from wagtail_col.lti.models import Tool, ToolState
from wagtail_col.pages.admin.tools_fields import CustomField, KeysField, LinesField, address
from wagtail_col.records import State


class LinkForm(forms.Form):
    """The registration link a provider gave."""

    url = forms.CharField(
        label=gettext_lazy("Registration link"),
        max_length=2000,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "The course provider sends it to you or shows it in its settings. In Moodle: Site "
            "administration, Plugins, Enrolments, Publish as LTI tool, Tool registration."
        ),
    )


class NameForm(forms.ModelForm):
    """The least one knows of a provider."""

    class Meta:
        model = Tool
        fields = ["name"]
        labels = {"name": gettext_lazy("Name of the course provider")}
        help_texts = {"name": gettext_lazy("As editors and learners should read it.")}


class AddressesForm(forms.ModelForm):
    """What a provider shows of itself, written in by hand.

    A provider that waits for approval may be saved with the rest to follow; one in use may not.
    """

    redirect_uris = LinesField(
        label=gettext_lazy("Redirect URLs"),
        required=False,
        help_text=gettext_lazy(
            "Addresses that a learner may be sent to, one a line. Also called: redirection URIs, "
            "callback URLs. Leave it empty if the provider shows none: then the launch URL and "
            "the deep linking URL are taken."
        ),
    )
    jwks = KeysField(
        label=gettext_lazy("Key set, pasted"),
        required=False,
        help_text=gettext_lazy(
            "Only if the provider has no key set URL: the text that begins with { and is called "
            "JWKS, JWK or public key set."
        ),
    )
    custom = CustomField(
        label=gettext_lazy("Custom parameters"),
        required=False,
        help_text=gettext_lazy(
            "Only if the provider asks for some. One a line: name=value. Values such as "
            "$Context.id are filled in when a course is opened."
        ),
    )

    class Meta:
        model = Tool
        fields = [
            "name",
            "login_url",
            "launch_url",
            "deep_linking_url",
            "redirect_uris",
            "jwks_url",
            "jwks",
            "custom",
            "description",
        ]
        labels = {
            "name": gettext_lazy("Name of the course provider"),
            "login_url": gettext_lazy("Login URL"),
            "launch_url": gettext_lazy("Launch URL"),
            "deep_linking_url": gettext_lazy("Deep linking URL"),
            "jwks_url": gettext_lazy("Key set URL"),
            "description": gettext_lazy("Notes for editors"),
        }
        help_texts = {
            "name": gettext_lazy("As editors and learners should read it."),
            "description": gettext_lazy("What kind of courses it has, whom to ask there."),
            "login_url": gettext_lazy(
                "Where opening a course begins. Moodle (Publish as LTI tool, Tool details) and "
                "Canvas-based providers call it “Initiate login URL” or “OpenID Connect "
                "initiation URL”; H5P: “Login URL”; Open edX: “OIDC login URL”."
            ),
            "launch_url": gettext_lazy(
                "Where courses open. Moodle: “Tool URL”; Canvas-based providers: “Target link "
                "URI”; H5P and Open edX: “Launch URL”."
            ),
            "deep_linking_url": gettext_lazy(
                "The provider’s catalogue, from which editors pick courses. Moodle and H5P: “Deep "
                "linking URL”; also called content selection URL. Empty: it has no catalogue."
            ),
            "jwks_url": gettext_lazy(
                "The provider’s public keys, which show that a message is really from it. Moodle: "
                "“JWKS URL”; Canvas-based providers: “Public JWK URL”; H5P and Open edX: “Key set "
                "URL” or “Public keyset URL”."
            ),
        }
        widgets = {
            name: forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"})
            for name in ("login_url", "launch_url", "deep_linking_url", "jwks_url")
        } | {"description": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("login_url", "launch_url"):
            self.fields[name].required = self.in_use

    @property
    def in_use(self) -> bool:
        return self.instance.state in (ToolState.ACTIVE, ToolState.SUSPENDED)

    def clean_login_url(self) -> str:
        return address(self.cleaned_data["login_url"])

    def clean_launch_url(self) -> str:
        return address(self.cleaned_data["launch_url"])

    def clean_deep_linking_url(self) -> str:
        return address(self.cleaned_data["deep_linking_url"])

    def clean_jwks_url(self) -> str:
        return address(self.cleaned_data["jwks_url"])

    def clean_redirect_uris(self) -> list[str]:
        return [address(one) for one in self.cleaned_data["redirect_uris"]]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if self.in_use and not (values.get("jwks_url") or values.get("jwks") or self.errors):
            self.add_error("jwks_url", _("Its keys are missing: write the URL or paste them."))
        if not values.get("redirect_uris") and "redirect_uris" not in self.errors:
            own = (values.get("launch_url"), values.get("deep_linking_url"))
            values["redirect_uris"] = list(dict.fromkeys(filter(None, own)))
        return values


class MayForm(forms.ModelForm):
    """What a provider may do, how its courses open, and who may use it."""

    offered_to = forms.MultipleChoiceField(
        label=gettext_lazy("Who may use it"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "col-choices"}),
        help_text=gettext_lazy(
            "Which territories and organisations may put its courses into their pages. None "
            "ticked: all of them."
        ),
    )

    class Meta:
        model = Tool
        fields = ["may_grades", "may_names", "may_emails", "may_rosters", "opens_in", "offered_to"]
        labels = {
            "may_grades": gettext_lazy("May report progress and scores"),
            "may_names": gettext_lazy("May see names of learners who agree"),
            "may_emails": gettext_lazy("May see e-mail addresses of learners who agree"),
            "may_rosters": gettext_lazy("May list the learners who agree"),
            "opens_in": gettext_lazy("Its courses open"),
        }
        help_texts = {
            "may_grades": gettext_lazy(
                "Needed so that finishing a course completes the step here. Tells the provider "
                "nothing about anybody."
            ),
            "may_names": gettext_lazy(
                "Each learner is asked before their first course and may decline. Without this "
                "the provider knows learners by a made-up name (a pseudonym) only."
            ),
            "may_emails": gettext_lazy("Asked and declined in the same way. Few courses need it."),
            "may_rosters": gettext_lazy(
                "The provider can fetch who takes part in its courses: those who agreed to share "
                "their name or e-mail address, with what they agreed to."
            ),
            "opens_in": gettext_lazy(
                "A new window works with every provider. Inside a page of this site, many do not "
                "work, because browsers block their cookies there. Try it before you choose it."
            ),
        }
        widgets = {"opens_in": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.state == ToolState.PENDING:
            # Privacy first: ticked is only what tells the provider nothing about a person.
            self.initial["may_grades"] = True
        self.fields["offered_to"].choices = offers(self.instance.offered_to or [])


def offers(chosen: list[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Territories and providers by their keys, those that are published or chosen. Four queries."""
    groups = []
    for label, model in ((_("Territories"), Territory), (_("Organisations"), Provider)):
        records = model.objects.filter(Q(state=State.PUBLISHED) | Q(key__in=chosen))
        named = sorted(
            ((str(one.key), str(one)) for one in records.prefetch_related("texts")),
            key=lambda pair: pair[1].casefold(),
        )
        if named:
            groups.append((label, named))
    return groups
