"""Finding what an address names, with everything a page shows of it, in constant queries."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language

from wagtail_col.badges.models import Achievement, Award
from wagtail_col.conf import languages
from wagtail_col.shell import render_page


def find_award(key: UUID) -> Award | None:
    return (
        Award.objects.select_related("achievement__issuer", "learner", "status_list__issuer")
        .defer("status_list__credential")
        .prefetch_related("achievement__texts")
        .filter(key=key)
        .first()
    )


def find_achievement(key: UUID) -> Achievement | None:
    """The achievement while it is published, or has been given to somebody."""
    found = (
        Achievement.objects.select_related("issuer").prefetch_related("texts").filter(key=key)
    ).first()
    if found is None or not (found.live or found.awards.exists()):
        return None
    return found


def missing(request: HttpRequest) -> Http404:
    """To be raised: there is nothing at this address, in no language."""
    _stay(request)
    return Http404("There is nothing at this address.")


def not_here(request: HttpRequest) -> HttpResponse:
    """The friendly 404 of badges."""
    _stay(request)
    return render_page(request, "wagtail_col/badges/not_here.html", status=404)


def _stay(request: HttpRequest) -> None:
    """Keep LocaleMiddleware from trying the address again with a language in front of it.

    It does that for a 404 when the site's pages have such addresses. Ours do not, and a machine
    or a person would be told of a page of the site that is not there. It looks at this attribute.
    """
    request.urlconf = "wagtail_col.badges.urls"


def other_languages(path: str, codes: list[str]) -> list[dict]:
    """The language switch of the page at ``path``: one entry a language, the active one marked."""
    names = languages()
    active = get_language() or ""
    if len(codes) < 2:
        return []
    return [
        {
            "code": code,
            "name": names.get(code, code),
            "url": f"{path}?lang={code}",
            "is_active": code in (active, active.split("-")[0]),
        }
        for code in sorted(codes)
    ]
