"""Fields that take several texts, name=value pairs, keys or addresses as a provider shows them."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wagtail_col.fetching import FetchRefused, check_url
from wagtail_col.lti.platform import keyset
from wagtail_col.lti.platform.requirements import Refused

#: More redirect URLs than any provider has.
MOST_LINES = 50


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        lines = [line.strip() for line in (super().to_python(value) or "").splitlines()]
        found = list(dict.fromkeys(filter(None, lines)))
        if len(found) > MOST_LINES:
            raise ValidationError(_("Write at most %(most)s lines.") % {"most": MOST_LINES})
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class CustomField(LinesField):
    """Names and values, one pair a line with an equals sign between (``{name: value}``)."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return "\n".join(f"{name}={text}" for name, text in value.items())
        return value

    def to_python(self, value: Any) -> dict[str, str]:
        pairs: dict[str, str] = {}
        for line in super().to_python(value):
            name, sign, text = line.partition("=")
            name = name.strip()
            if not sign or not name:
                raise ValidationError(
                    _("Write each line as name=value. This one is not: %(line)s") % {"line": line}
                )
            if name in pairs:
                raise ValidationError(
                    _("There are two lines for %(name)s. Keep one.") % {"name": name}
                )
            pairs[name] = text.strip()
        return pairs


class KeysField(forms.CharField):
    """A pasted JSON Web Key Set (RFC 7517), or one key of one."""

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return json.dumps(value, indent=1) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> dict | None:
        text = (super().to_python(value) or "").strip()
        if not text:
            return None
        if text.startswith("-----"):
            raise ValidationError(
                _(
                    "This is a single key without a name. Ask the course provider for its key "
                    "set (JWKS): its URL, or the text that begins with {"
                )
            )
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            raise ValidationError(
                _("This is not a key set. A key set is a text that begins with { and ends with }")
            ) from None
        if isinstance(found, dict) and "kty" in found:
            found = {"keys": [found]}
        try:
            return keyset.read(found)
        except Refused as refused:
            raise ValidationError([refused.requirement.says, refused.requirement.mend]) from None


def address(url: str) -> str:
    """A provider's address as it was written, if it may be one: https, no user, no fragment."""
    if not url:
        return ""
    try:
        check_url(url)
    except FetchRefused as refused:
        raise ValidationError(f"{refused} {url}") from None
    if "#" in url:
        raise ValidationError(_("The address has a part after #. Leave that out: %s") % url)
    return url
