"""The form of a badge: what is wrong is said at the field, before anything is written."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from wagtail_col.badges import permissions, pictures, uploads
from wagtail_col.badges.models import Achievement, Issuer, Requirement
from wagtail_col.badges.requirements import find_loop
from wagtail_col.pages.admin import badge_templates
from wagtail_col.pages.admin.languages import OneTextALanguage


class RequirementForm(WagtailAdminModelForm):
    """One badge that is asked for: of this site, or from elsewhere, and not both."""

    @property
    def asks_here(self) -> bool:
        return bool(self.cleaned_data.get("required"))

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        required, elsewhere = values.get("required"), values.get("elsewhere")
        if required and elsewhere:
            self.add_error(
                "elsewhere", _("Choose a badge of this site or write an address, not both.")
            )
        elif not required and not elsewhere and "elsewhere" not in self.errors:
            self.add_error("required", _("Choose a badge, or write the address of one."))
        elif elsewhere and not values.get("name"):
            self.add_error("name", _("Write what this badge is called: learners read it."))
        return values


class BadgeForm(OneTextALanguage):
    """A badge with its texts, skills and requirements, and with a picture from a file."""

    upload = forms.FileField(
        label=gettext_lazy("A picture of your own"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".svg,.png,.jpg,.jpeg"}),
        help_text=gettext_lazy(
            "PNG, JPEG or SVG, best square. It takes the place of the drawing. Empty: the badge "
            "is drawn for you, or your picture stays. Where a PNG file carries the badge, an SVG "
            "cannot be inside, and the drawing is used."
        ),
    )
    remove_picture = forms.BooleanField(
        label=gettext_lazy("Take my picture off and draw the badge"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cleaned_picture: uploads.Cleaned | None = None
        if not self.instance.picture_id:
            self.fields.pop("remove_picture", None)
        if "issuer" in self.fields:
            # Who only stands by badges of others gives none.
            self.fields["issuer"].queryset = Issuer.objects.filter(is_endorser=False)
        if self.for_user is not None and not permissions.is_editor(self.for_user):
            self._narrow_issuers()

    def _narrow_issuers(self) -> None:
        """An organisation's own people make badges of their organisation, of no other."""
        field = self.fields.get("issuer")
        if field is not None:
            field.queryset = Issuer.objects.filter(pk__in=permissions.teams_of(self.for_user))
            field.required = True
            field.empty_label = None

    def clean_upload(self) -> Any:
        file = self.cleaned_data.get("upload")
        if not file:
            return None
        # Not read as a whole before its size is known.
        data = file.read(uploads.MOST_BYTES + 1)
        try:
            self.cleaned_picture = uploads.clean(data)
        except uploads.NotAPicture as refused:
            raise forms.ValidationError(refused.message, code=refused.code) from refused
        return file

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        self._check_gaps()
        formset = self.formsets.get("requirements")
        if formset is not None and formset.is_valid():
            rows = [
                form
                for form in formset.forms
                if form.cleaned_data and not form.cleaned_data.get("DELETE")
            ]
            self._check_number(len(rows))
            self._check_doubles(rows)
            self._check_loop(rows)
        return values

    def _check_gaps(self) -> None:
        """A template's “…” may stand in a draft, not on a badge that is given."""
        texts = self.formsets.get("texts")
        if texts is None or "action-publish" not in self.data or not texts.is_valid():
            return
        with_gaps = badge_templates.texts_with_gaps()
        for row in texts.forms:
            for field in ("description", "criteria"):
                if row.cleaned_data.get(field) in with_gaps:
                    row.add_error(field, _("Write what it is about where the template has “…”."))

    def _check_number(self, there: int) -> None:
        needed = self.cleaned_data.get("needed")
        if needed and needed > there:
            self.add_error(
                "needed",
                _("%(needed)s badges are needed, but only %(there)s are listed here.")
                % {"needed": needed, "there": there},
            )

    def _check_doubles(self, rows: list[RequirementForm]) -> None:
        seen = set()
        for row in rows:
            field = "required" if row.asks_here else "elsewhere"
            one = row.cleaned_data[field]
            if one in seen:
                row.add_error(field, _("“%s” is listed twice. Remove it once.") % one)
            seen.add(one)

    def _check_loop(self, rows: list[RequirementForm]) -> None:
        if self.instance.pk is None:
            return
        required = {row.cleaned_data["required"].pk: row for row in rows if row.asks_here}
        loop = find_loop(self.instance.pk, needs_of_all() | {self.instance.pk: list(required)})
        if loop:
            required[loop[1] if len(loop) > 1 else loop[0]].add_error(
                "required",
                _("These badges would need each other in a loop, and nobody could earn them: %s.")
                % _in_words(loop),
            )

    def save(self, commit: bool = True) -> Achievement:
        if self.cleaned_picture is not None:
            self.instance.picture = pictures.keep(self.cleaned_picture, self.instance.picture)
        elif self.cleaned_data.get("remove_picture"):
            self.instance.picture = None
        return super().save(commit)


def needs_of_all() -> dict[int, list[int]]:
    """By badge, the badges of this site that it asks for: as published, and as in its draft."""
    needs: dict[int, list[int]] = {}
    for asking, asked in Requirement.objects.filter(required__isnull=False).values_list(
        "achievement", "required"
    ):
        needs.setdefault(asking, []).append(asked)
    drafts = Achievement.objects.filter(has_unpublished_changes=True, latest_revision__isnull=False)
    for asking, content in drafts.values_list("pk", "latest_revision__content"):
        drafted = [row.get("required") for row in content.get("requirements") or ()]
        needs.setdefault(asking, []).extend(one for one in drafted if one)
    return needs


def _in_words(loop: list[int]) -> str:
    names = {
        one.pk: str(one)
        for one in Achievement.objects.filter(pk__in=loop).prefetch_related("texts")
    }
    pairs = zip(loop, [*loop[1:], loop[0]], strict=True)
    return ", ".join(
        _("“%(badge)s” needs “%(needed)s”") % {"badge": names[badge], "needed": names[needed]}
        for badge, needed in pairs
    )
