"""1EdTech's revocation lists. The Bitstring lists are documents that are stored as they are."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse

from wagtail_col.badges import keys, revocation_lists
from wagtail_col.badges.views.finding import missing
from wagtail_col.badges.views.serving import DOCUMENT_LIFETIME, file_response, open_document


@open_document
def revocation_list(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Which credentials of an issuer do not hold any more; of the site's own one without a slug."""
    issuer = keys.shown_issuer(slug)
    if issuer is None:
        raise missing(request)
    body = json.dumps(revocation_lists.document_of(issuer), indent=1).encode()
    return file_response(request, body, "application/json", DOCUMENT_LIFETIME)
