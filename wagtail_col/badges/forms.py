"""What people give us: a badge to check."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wagtail_col.badges.addresses import badge_key
from wagtail_col.badges.openbadges.baking import MAX_IMAGE_BYTES
from wagtail_col.badges.openbadges.strictjson import MAX_BYTES
from wagtail_col.conf import base_url

#: A request larger than this is refused before it is read: the file and what is around it.
MAX_REQUEST_BYTES = MAX_IMAGE_BYTES + MAX_BYTES


def too_large() -> ValidationError:
    return ValidationError(
        _("This is too large for a badge. A badge file has at most %(size)s MB."),
        code="too-large",
        params={"size": MAX_IMAGE_BYTES // 1024 // 1024},
    )


class VerifyForm(forms.Form):
    """A badge as text, as the address of its page, or as a file; one of them.

    ``cleaned_data`` has ``source`` (text or bytes) or ``key`` (of a badge of this site).
    """

    text = forms.CharField(
        label=_("Paste the badge or its address"),
        help_text=_("The text of the file, or the link to the badge’s page."),
        required=False,
        widget=forms.Textarea,
    )
    file = forms.FileField(
        label=_("Or choose the file"),
        help_text=_("JSON or PNG, as it was saved from the badge’s page."),
        required=False,
        allow_empty_file=True,
    )

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].removeprefix("\ufeff")
        if len(text.encode("utf-8", "replace")) > MAX_BYTES:
            raise ValidationError(
                _("This text is too long for a badge. Choose the file instead."), code="too-large"
            )
        return text

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > MAX_IMAGE_BYTES:
            raise too_large()
        if file is not None and not file.size:
            raise ValidationError(_("This file is empty."), code="empty")
        return file

    def clean(self) -> dict:
        text, file = self.cleaned_data.get("text"), self.cleaned_data.get("file")
        if self.errors:
            return self.cleaned_data
        if file and text:
            self.add_error("file", _("Paste the badge or choose a file, not both."))
        elif file:
            self.cleaned_data["source"] = file.read()
        elif not text:
            self.add_error("text", _("Paste a badge here, or choose its file below."))
        elif text.startswith(("http://", "https://")):
            self.cleaned_data["key"] = self._key(text)
        else:
            self.cleaned_data["source"] = text
        return self.cleaned_data

    def _key(self, address: str) -> UUID | None:
        found = badge_key(address)
        if found is None:
            self.add_error("text", _("This is not the address of a badge’s page."))
        elif found[0] != urlsplit(base_url()).netloc.lower():
            self.add_error(
                "text",
                _("This badge is on another site. Open its page there to check it."),
            )
        else:
            return found[1]
        return None
