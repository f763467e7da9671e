"""Forms with a badge in them, which strangers send: what is too large or broken is not read."""

from __future__ import annotations

from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
    ValidationError,
)
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from wagtail_col.badges.forms import MAX_REQUEST_BYTES, GivenForm, too_large


def received(request: HttpRequest, form_class: type[GivenForm]) -> tuple[GivenForm, int]:
    """The form with what was sent, and the status to answer with when it is not valid."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_REQUEST_BYTES:
            raise RequestDataTooBig
        return form_class(request.POST, request.FILES), 400
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
        error, status = too_large(), 413
    except (MultiPartParserError, ValueError):
        error, status = ValidationError(_("The file did not arrive whole. Send it again.")), 400
    form = form_class({})
    form.errors.clear()
    form.add_error("file", error)
    return form, status
