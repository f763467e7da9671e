"""A badge on paper, for whose it is."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from wagtail_col.badges import sharing
from wagtail_col.badges.certificate.making import NoCertificate, certificate_pdf, may_have_one
from wagtail_col.badges.models import Award, Share
from wagtail_col.badges.presenting import award_values
from wagtail_col.badges.share_forms import CertificateForm
from wagtail_col.badges.views.finding import find_award, not_here
from wagtail_col.badges.views.serving import as_download
from wagtail_col.own import learners_own
from wagtail_col.people.asking import needs
from wagtail_col.people.may import Purpose
from wagtail_col.shell import render_page


@learners_own
@needs(Purpose.SHARING)
@require_http_methods(["GET", "HEAD", "POST"])
def certificate(request: HttpRequest, key: UUID) -> HttpResponse:
    """Asks for the name to print, then gives the PDF; the badge is shared from then on, since
    the code on the paper leads to its page."""
    award = find_award(key)
    if award is None or not sharing.is_own(request.user, award):
        return not_here(request, key)
    form = CertificateForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _pdf(award, form.cleaned_data)
        except NoCertificate as error:
            form.add_error("name", error.message)
    context = {
        **award_values(award),
        "form": form,
        "may_have_one": may_have_one(award),
        "share": sharing.link_to(award),
    }
    status = 400 if form.errors else 200
    return render_page(request, "wagtail_col/badges/certificate.html", context, status=status)


def _pdf(award: Award, data: dict) -> HttpResponse:
    name = data["name"]
    # Nothing is shared when nothing is printed.
    with transaction.atomic():
        link = _link(award, name if data["show_name"] else "")
        content = certificate_pdf(award, link, name)
    response = HttpResponse(content, content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    text = award.achievement.text
    title = slugify(text.name) if text else ""
    return as_download(response, f"certificate-{title or award.key}.pdf")


def _link(award: Award, shown_name: str) -> Share:
    """The link that is there already stays as it is, unless a name is to be shown there."""
    known = sharing.link_to(award)
    if known is not None and not shown_name:
        return known
    return sharing.share(award.learner, [award], shown_name=shown_name)
