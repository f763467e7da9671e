"""Forms about imports: what to import and for whom, and what its columns are."""

from __future__ import annotations

import io
from typing import Any, BinaryIO

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from wagtail_col.catalogue.importing.mapping import FIELDS
from wagtail_col.catalogue.importing.opening import fetch_file
from wagtail_col.catalogue.importing.origins import begun
from wagtail_col.catalogue.models import ImportRun, ImportSource, Kind, Provider, Territory
from wagtail_col.conf import languages

#: Letters that may be pasted.
MOST_LETTERS = 2_000_000
ENCODINGS = {
    "": gettext_lazy("Found out by itself"),
    "utf-8": "UTF-8",
    "cp1252": gettext_lazy("Western European"),
    "cp1250": gettext_lazy("Central European"),
}


#: What is said of all that comes from a source.
SAID = ("provider", "territory", "language", "kind", "attribution", "encoding")


class ChooseForm(forms.Form):
    """One of three: a file, an address, a pasted text; and what is said of all of it.

    With a ``source`` the form is about that one, and shows what was said of it. Chosen in the form
    a source keeps what was said of it: the fields show what goes without saying, not its own.
    """

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("A table as CSV, a calendar (.ics) or a web page."),
    )
    url = forms.CharField(
        label=gettext_lazy("Or a web address"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("Of such a file, or of a page that says its events for programs."),
    )
    pasted = forms.CharField(
        label=gettext_lazy("Or paste the table"),
        required=False,
        strip=False,
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    known = forms.ModelChoiceField(
        ImportSource.objects.none(),
        label=gettext_lazy("Source"),
        required=False,
        empty_label=gettext_lazy("A new source"),
        help_text=gettext_lazy(
            "Choose the one you imported before: then only changes are written, and what is no "
            "longer in it is withdrawn. What was said of it then still holds; all below is for a "
            "new source."
        ),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of a new source"), required=False, max_length=120
    )
    provider = forms.ModelChoiceField(
        Provider.objects.none(), label=gettext_lazy("Provider"), required=False
    )
    territory = forms.ModelChoiceField(
        Territory.objects.none(), label=gettext_lazy("Territory"), required=False
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the texts"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=Kind.choices,
        help_text=gettext_lazy("For rows that do not say theirs."),
    )
    attribution = forms.CharField(
        label=gettext_lazy("Whom to name as the source"), required=False, max_length=255
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Letters"),
        required=False,
        choices=list(ENCODINGS.items()),
        help_text=gettext_lazy("Change it when letters with accents come out wrong."),
    )

    def __init__(
        self,
        *args: Any,
        sources: QuerySet[ImportSource],
        providers: QuerySet[Provider],
        is_editor: bool,
        source: ImportSource | None = None,
    ) -> None:
        super().__init__(*args)
        self.instance = source
        self.needs_provider = not is_editor
        self.fields["known"].queryset = begun(sources)
        self.sources = sources
        self.fields["provider"].queryset = providers
        own = list(providers[:2]) if self.needs_provider else []
        #: Whose all of it is where there is nothing to choose.
        self.only_provider = own[0] if len(own) == 1 else None
        if self.only_provider:
            self.fields["provider"].empty_label = None
            self.fields["provider"].initial = self.only_provider
        self.fields["territory"].queryset = Territory.objects.published().prefetch_related("texts")
        self.fields["language"].choices = list(languages().items())
        if get_language() in languages():
            self.fields["language"].initial = get_language()
        if source:
            del self.fields["known"]
            self.fields["name"].label = _("Name of the source")
            self.initial = {name: getattr(source, name) for name in ("name", *SAID)}

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        given = [values.get("file"), values.get("url"), (values.get("pasted") or "").strip()]
        if sum(map(bool, given)) != 1:
            raise ValidationError(_("Choose a file, or write an address, or paste a table: one."))
        if values.get("known"):
            return values
        if not values.get("name"):
            self.add_error("name", _("Give the new source a name."))
        elif self._is_taken(values["name"]):
            self.add_error(
                "name", _("There is a source of this name already: choose it, or another name.")
            )
        if self.needs_provider and not values.get("provider") and "provider" not in self.errors:
            values["provider"] = self.only_provider
            if not self.only_provider:
                self.add_error("provider", self.fields["provider"].error_messages["required"])
        return values

    def _is_taken(self, name: str) -> bool:
        others = begun(self.sources).filter(name=name)
        return others.exclude(pk=self.instance.pk if self.instance else None).exists()

    def opened(self) -> tuple[BinaryIO, str, str]:
        """What was chosen, its name and its media type. Raises ImportRefused."""
        values = self.cleaned_data
        if file := values["file"]:
            return file.file, file.name or "", file.name or ""
        if values["url"]:
            found = fetch_file(values["url"])
            return found.file, values["url"], found.hint
        return io.BytesIO(values["pasted"].encode()), _("Pasted"), ""

    def source(self) -> ImportSource:
        """The source it is about, with what was said of it. It is not stored."""
        values = self.cleaned_data
        source = values.get("known")
        if not source:
            source = self.instance or self._looked_at() or ImportSource()
            for name in ("name", *SAID):
                setattr(source, name, values[name])
        if values["url"]:
            source.url = values["url"]
        return source

    def _looked_at(self) -> ImportSource | None:
        """One of that name of which nothing was begun: somebody looks again, with other words."""
        values = self.cleaned_data
        same = self.sources.filter(name=values["name"], provider=values["provider"])
        return same.exclude(pk__in=begun(self.sources).values("pk")).first()


class MappingForm(forms.Form):
    """Which column is which fact, with what the first rows say."""

    def __init__(self, run: ImportRun, *args: Any) -> None:
        super().__init__(*args)
        self.columns = run.found.get("columns", [])
        sample = run.found.get("sample", [])
        choices = [("", _("Left out")), *FIELDS.items()]
        for place, column in enumerate(self.columns):
            said = [cells[place] for cells in sample if place < len(cells) and cells[place]]
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=column or "–",
                required=False,
                choices=choices,
                initial=run.found["mapping"].get(column, ""),
                help_text=" · ".join(one[:40] for one in said[:2]),
            )

    def mapping(self) -> dict[str, str]:
        return {
            column: self.cleaned_data[f"column-{place}"]
            for place, column in enumerate(self.columns)
            if column
        }
