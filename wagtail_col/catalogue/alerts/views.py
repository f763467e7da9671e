"""The pages of alerts: saving a search, one's searches, and stopping, also without an account."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from wagtail_col.catalogue.alerts import saving
from wagtail_col.catalogue.alerts.links import read_link
from wagtail_col.catalogue.models import Alert
from wagtail_col.catalogue.naming import named, read
from wagtail_col.catalogue.scoping import scoped_query
from wagtail_col.catalogue.search import BadQuery
from wagtail_col.catalogue.views import refused
from wagtail_col.language import in_chosen_language
from wagtail_col.own import learners_own, never_kept
from wagtail_col.shell import render_page

FOLDER = "wagtail_col/catalogue/alerts"


@learners_own
@require_http_methods(["GET", "HEAD", "POST"])
def new_alert(request: HttpRequest) -> HttpResponse:
    """Says what would be sent and where to (GET); saves the search in the address (POST)."""
    try:
        query = scoped_query(request.GET)
        if query.territory is None and query.provider is None:
            raise BadQuery("territory", _("Say which territory."))
    except BadQuery as refusal:
        return refused(request, refusal, reverse("col_catalogue:alerts"))
    problem = ""
    if request.method == "POST":
        try:
            saving.save(request.user, query, translation.get_language())
        except saving.CannotSave as reason:
            problem = str(reason)
        else:
            said = _("Saved. We write to you when there is something new, once a week at most.")
            messages.success(request, said)
            return HttpResponseRedirect(reverse("col_catalogue:alerts"))
    context = {
        "search": named(query),
        "email": saving.email_of(request.user),
        "problem": problem,
    }
    return render_page(request, f"{FOLDER}/new.html", context, status=422 if problem else 200)


@learners_own
@require_http_methods(["GET", "HEAD"])
def alerts(request: HttpRequest) -> HttpResponse:
    """The learner's saved searches."""
    mine = []
    for alert in Alert.objects.filter(learner=request.user).defer("seen").order_by("-pk"):
        query = read(alert.search)
        mine.append({"alert": alert, "search": named(query) if query else None})
    context = {"alerts": mine, "email": saving.email_of(request.user)}
    return render_page(request, f"{FOLDER}/mine.html", context)


@learners_own
@require_POST
def stop_alert(request: HttpRequest, key: UUID) -> HttpResponse:
    """Forgets one of them. Whose it is not learns nothing."""
    if saving.stop(request.user.pk, key):
        messages.success(request, _("Stopped. We no longer write to you about this search."))
    return HttpResponseRedirect(reverse("col_catalogue:alerts"))


# No session and no cookie is read: the signed address alone says what may be stopped, also when a
# mail server follows it by itself (RFC 8058, section 3.2).
@csrf_exempt
@in_chosen_language
@never_kept
@require_http_methods(["GET", "HEAD", "POST"])
def stop_alerts(request: HttpRequest, token: str) -> HttpResponse:
    """The link in an e-mail: shows a button (GET), stops one search or all of them (POST)."""
    try:
        learner, key = read_link(token)
    except BadSignature:
        raise Http404 from None
    found = Alert.objects.filter(key=key) if key else Alert.objects.filter(learner=learner)
    alert = found.defer("seen").first()
    context = {"done": alert is None, "all": key is None}
    if request.method == "POST":
        found.delete()
        context["done"] = True
    elif key and alert:
        query = read(alert.search)
        context["search"] = named(query) if query else None
    response = render_page(request, f"{FOLDER}/stop.html", context)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
