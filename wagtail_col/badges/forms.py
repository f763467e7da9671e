"""What people give us: a badge to check, or one that they bring from elsewhere."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wagtail_col.badges.openbadges.baking import MAX_IMAGE_BYTES
from wagtail_col.badges.openbadges.errors import OpenBadgesError, Reason
from wagtail_col.badges.openbadges.jwt import MAX_TOKEN
from wagtail_col.badges.openbadges.reading import is_address, text_inside
from wagtail_col.badges.openbadges.strictjson import MAX_BYTES
from wagtail_col.badges.qr import photo_form, qr_inside

#: A request larger than this is refused before it is read: the file and what is around it.
MAX_REQUEST_BYTES = MAX_IMAGE_BYTES + MAX_BYTES


def too_large() -> ValidationError:
    return ValidationError(
        _("This is too large for a badge. A badge file has at most %(size)s MB."),
        code="too-large",
        params={"size": MAX_IMAGE_BYTES // 1024 // 1024},
    )


class GivenForm(forms.Form):
    """A badge as text, as the address of its page, as a file, or as a photo of its QR code; one of
    them.

    ``cleaned_data`` has ``source``: text or bytes; an address is a text.
    """

    text = forms.CharField(
        label=_("Paste the badge or its address"),
        help_text=_("The text of the file, or the link to the badge’s page."),
        required=False,
        widget=forms.Textarea,
    )
    file = forms.FileField(
        label=_("Or choose the file, or a photo of its QR code"),
        help_text=_(
            "A picture (PNG or SVG) or a JSON file, as it was saved from the badge’s page. Or take "
            "a photo of the QR code on a certificate or a screen."
        ),
        required=False,
        allow_empty_file=True,
    )

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].removeprefix("\ufeff")
        if len(text.encode("utf-8", "replace")) > MAX_TOKEN:
            raise ValidationError(
                _("This text is too long for a badge. Choose the file instead."), code="too-large"
            )
        if text.startswith(("http://", "https://")) and not is_address(text):
            raise ValidationError(_("This is not a complete web address."), code="address")
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
            self._take(file.read())
        elif not text:
            self.add_error("text", _("Paste a badge here, or choose its file below."))
        else:
            self.cleaned_data["source"] = text
        return self.cleaned_data

    def _take(self, data: bytes) -> None:
        """A picture may hold the badge itself, or show a QR code that leads to it."""
        code = qr_inside(data) if photo_form(data) and not is_baked(data) else None
        if code is not None:
            self.cleaned_data["source"] = code.strip()
        elif photo_form(data) in ("JPEG", "WEBP"):
            self.add_error("file", _no_code())
        else:
            self.cleaned_data["source"] = data


def is_baked(data: bytes) -> bool:
    """Whether a picture says that there is a badge inside, readable or not."""
    try:
        text_inside(data)
    except OpenBadgesError as error:
        return error.code not in (Reason.NO_CREDENTIAL, Reason.NOT_TEXT)
    return True


def _no_code() -> ValidationError:
    return ValidationError(
        _(
            "We see no QR code in this photo, or more than one. Go closer, so that one code fills "
            "half of the photo, and hold still. Or choose the badge’s own file (PNG, SVG, JSON)."
        ),
        code="no-code",
    )


class VerifyForm(GivenForm):
    """The same, and whose it should be."""

    email = forms.EmailField(
        label=_("Whose is it? (not needed)"),
        help_text=_("The e-mail address of the person who showed it to you."),
        required=False,
        max_length=254,
    )
