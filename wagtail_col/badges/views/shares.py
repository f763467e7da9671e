"""Sharing one's own badges: making a link, changing what it shows, stopping it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wagtail_col.badges import sharing
from wagtail_col.badges.linkedin import add_to_profile
from wagtail_col.badges.models import Award, ImportedBadge, Share
from wagtail_col.badges.presenting import share_values
from wagtail_col.badges.qr import qr_svg
from wagtail_col.badges.share_forms import CollectionForm, ShareForm
from wagtail_col.badges.shelving import (
    ShelfItem,
    own_awards,
    own_imported,
    shelf,
    shown_awards,
    shown_imported,
)
from wagtail_col.badges.views.finding import find_own, not_here
from wagtail_col.own import learners_own
from wagtail_col.people.asking import needs
from wagtail_col.people.may import Purpose, pseudonym
from wagtail_col.shell import render_page


@learners_own
@require_safe
def shares(request: HttpRequest) -> HttpResponse:
    """The links that are open now."""
    links = (
        Share.objects.filter(learner=request.user, stopped_at=None)
        .prefetch_related(
            Prefetch("awards", shown_awards(Award.objects.all())),
            Prefetch("imported", shown_imported(ImportedBadge.objects.all())),
        )
        .order_by("-made_at", "-pk")
    )
    context = {
        "shares": [
            {**share_values(link), "badges": shelf(link.awards.all(), link.imported.all())}
            for link in links
        ]
    }
    return render_page(request, "wagtail_col/badges/shares.html", context)


@learners_own
@needs(Purpose.SHARING)
@require_http_methods(["GET", "HEAD", "POST"])
def share_badge(request: HttpRequest, key: UUID) -> HttpResponse:
    """Share one badge: with a name or without. There is one link to it."""
    badge = find_own(request, key)
    if badge is None:
        return not_here(request, key)
    link = sharing.link_to(badge)
    if link is not None and request.method != "POST":
        return redirect("col_badges:manage_share", link.key)
    form = ShareForm(
        request.POST if request.method == "POST" else None, pseudonym=pseudonym(request.user)
    )
    if form.is_valid():
        awards, imported = _apart([badge])
        made = sharing.share(request.user, awards, imported, **form.cleaned_data)
        messages.success(request, _("The badge is shared. Here is its link."))
        return redirect("col_badges:manage_share", made.key)
    context = {"form": form, "badge": shelf(*_apart([badge]))[0]}
    status = 400 if form.errors else 200
    return render_page(request, "wagtail_col/badges/share_badge.html", context, status=status)


@learners_own
@needs(Purpose.SHARING)
@require_http_methods(["GET", "HEAD", "POST"])
def share_collection(request: HttpRequest) -> HttpResponse:
    """Share several badges behind one link."""
    own = _own_shelf(request)
    form = CollectionForm(
        request.POST if request.method == "POST" else None,
        own=own,
        pseudonym=pseudonym(request.user),
    )
    if form.is_valid():
        data = form.cleaned_data
        awards, imported = _apart(data["badges"])
        made = sharing.share(
            request.user,
            awards,
            imported,
            title=data["title"],
            shown_name=data["shown_name"],
            is_collection=True,
        )
        messages.success(request, _("The collection is shared. Here is its link."))
        return redirect("col_badges:manage_share", made.key)
    context = {"form": form, "has_badges": bool(own)}
    status = 400 if form.errors else 200
    return render_page(request, "wagtail_col/badges/share_collection.html", context, status=status)


@learners_own
@needs(Purpose.SHARING)
@require_http_methods(["GET", "HEAD", "POST"])
def manage_share(request: HttpRequest, key: UUID) -> HttpResponse:
    """A link of one's own: copying it, its code, what it shows, stopping it."""
    share = _own_share(request, key)
    if share is None:
        return not_here(request, key)
    form = _form_of(request, share)
    if form.is_valid():
        _change(share, form)
        messages.success(request, _("The page behind the link was changed."))
        return redirect("col_badges:manage_share", share.key)
    badges = shelf(
        shown_awards(share.awards.all()), shown_imported(share.imported.all()), within=share
    )
    values = share_values(share)
    context = {
        "share": values,
        "form": form,
        "badges": badges,
        "qr": qr_svg(values["address"]),
        "linkedin": _linkedin(badges, share),
    }
    status = 400 if form.errors else 200
    return render_page(request, "wagtail_col/badges/share.html", context, status=status)


@learners_own
@require_POST
def stop_share(request: HttpRequest, key: UUID) -> HttpResponse:
    """From now on the link leads nowhere."""
    share = _own_share(request, key)
    if share is None:
        return not_here(request, key)
    sharing.stop(share)
    messages.success(
        request,
        _("The link is stopped. Whoever opens it from now on sees nothing of your badges."),
    )
    return redirect("col_badges:shares")


def _own_share(request: HttpRequest, key: UUID) -> Share | None:
    return (
        Share.objects.select_related("learner")
        .filter(key=key, learner=request.user, stopped_at=None)
        .first()
    )


def _own_shelf(request: HttpRequest) -> list[ShelfItem]:
    return shelf(own_awards(request.user), own_imported(request.user))


def _form_of(request: HttpRequest, share: Share) -> ShareForm:
    data = request.POST if request.method == "POST" else None
    initial = {"shown_name": share.shown_name, "title": share.title}
    if not share.is_collection:
        return ShareForm(data, initial=initial, pseudonym=pseudonym(request.user))
    shown = [*share.awards.values_list("key", flat=True)]
    shown += share.imported.values_list("key", flat=True)
    initial["badges"] = [str(key) for key in shown]
    return CollectionForm(
        data, initial=initial, own=_own_shelf(request), pseudonym=pseudonym(request.user)
    )


def _change(share: Share, form: ShareForm) -> None:
    data = form.cleaned_data
    if share.is_collection:
        awards, imported = _apart(data["badges"])
    else:
        awards, imported = list(share.awards.all()), list(share.imported.all())
    sharing.change(
        share, awards, imported, title=data.get("title", ""), shown_name=data["shown_name"]
    )


def _linkedin(badges: list[ShelfItem], share: Share) -> str:
    """For one badge of this site; LinkedIn takes one at a time."""
    if share.is_collection or len(badges) != 1 or not badges[0].is_ours:
        return ""
    return add_to_profile(badges[0].badge, share)


def _apart(
    badges: list[Award | ImportedBadge],
) -> tuple[list[Award], list[ImportedBadge]]:
    return (
        [badge for badge in badges if isinstance(badge, Award)],
        [badge for badge in badges if isinstance(badge, ImportedBadge)],
    )
