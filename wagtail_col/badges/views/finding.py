"""Finding what an address names, with everything a page shows of it, in constant queries."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import get_language

from wagtail_col.badges import sharing
from wagtail_col.badges.models import Achievement, Award, ImportedBadge, PastEdition
from wagtail_col.conf import languages
from wagtail_col.shell import render_page


def find_award(key: UUID) -> Award | None:
    """The award. ``first_given``: when, if it was renewed since."""
    earlier = PastEdition.objects.filter(award=OuterRef("pk")).order_by("awarded_at")
    return (
        Award.objects.select_related(
            "achievement__issuer", "achievement__picture", "learner", "status_list__issuer"
        )
        .defer("status_list__credential")
        .annotate(first_given=Subquery(earlier.values("awarded_at")[:1]))
        .prefetch_related("achievement__texts")
        .filter(key=key)
        .first()
    )


def find_signed(key: UUID) -> Award | None:
    """The award with what is signed alone: verifiers and wallets ask for no more."""
    return Award.objects.filter(key=key).only("learner", "credential", "compact").first()


def visible_award(request: HttpRequest, key: UUID) -> Award | None:
    """The award, when it is this visitor's own or a live link shows it."""
    award = find_award(key)
    return award if award and sharing.may_be_seen_by(request.user, award) else None


def find_own(request: HttpRequest, key: UUID) -> Award | ImportedBadge | None:
    """The visitor's own badge with this key, one of this site or a brought one."""
    if not request.user.is_authenticated:
        return None
    return Award.objects.filter(key=key, learner=request.user).select_related(
        "achievement__issuer", "status_list__issuer"
    ).defer("status_list__credential").prefetch_related("achievement__texts").first() or (
        ImportedBadge.objects.filter(key=key, learner=request.user)
        .select_related("picture")
        .first()
    )


def find_achievement(key: UUID) -> Achievement | None:
    """The achievement while it is published, or has been given to somebody."""
    found = (
        Achievement.objects.select_related("issuer", "picture")
        .prefetch_related("texts", "skills__skill__names")
        .filter(key=key)
    ).first()
    if found is None or not (found.live or found.awards.exists() or found.erased.exists()):
        return None
    return found


def missing(request: HttpRequest) -> Http404:
    """To be raised: there is nothing at this address, in no language."""
    stay(request)
    return Http404("There is nothing at this address.")


def not_here(request: HttpRequest, key: UUID | None = None) -> HttpResponse:
    """The friendly 404 of badges, the same for what never was and for what is not shared; 410 for
    the ``key`` of a badge or a link whose learner's account was deleted."""
    stay(request)
    is_gone = key is not None and sharing.gone(key) is not None
    name, status = ("gone", 410) if is_gone else ("not_here", 404)
    # The same offer for every address: it tells nobody whether there is a badge.
    is_known = request.user.is_authenticated
    login = "" if is_known or is_gone else f"{resolve_url(settings.LOGIN_URL)}?next={request.path}"
    context = {"login_url": login}
    return kept_by_nobody(
        render_page(request, f"wagtail_col/badges/{name}.html", context, status=status)
    )


def no_file(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same for a file of a badge."""
    stay(request)
    status = 410 if sharing.gone(key) is not None else 404
    response = HttpResponse(status=status, content_type="text/plain; charset=utf-8")
    response.content = "This badge was deleted." if status == 410 else "There is no badge here."
    return kept_by_nobody(response)


def kept_by_nobody(response: HttpResponse) -> HttpResponse:
    """``response`` as no cache may keep it: what it shows can be over at the next moment."""
    response.headers["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def stay(request: HttpRequest) -> None:
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
