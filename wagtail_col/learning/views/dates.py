"""My dates: what is still to come on one's lines, as a calendar, and with reminders."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wagtail_col.conf import base_url
from wagtail_col.language import in_chosen_language
from wagtail_col.learning import dates as own
from wagtail_col.learning import reminders
from wagtail_col.learning.models import CalendarFeed, Reminders
from wagtail_col.learning.views.own import learners_own, never_kept
from wagtail_col.people.may import Purpose, may, why_not
from wagtail_col.shell import render_page


@learners_own
@require_safe
def dates(request: HttpRequest) -> HttpResponse:
    """One's own dates in order. A constant number of queries."""
    feed = CalendarFeed.objects.filter(learner=request.user).first()
    token = own.token_of(feed) if feed else ""
    context = {
        "dates": own.own_dates(request.user),
        "feed": feed,
        "feed_url": f"{base_url()}{reverse('col_learning:own_calendar', args=[token])}"
        if token
        else "",
        "reminds": Reminders.objects.filter(learner=request.user).exists(),
    }
    return render_page(request, "wagtail_col/learning/dates.html", context)


@learners_own
@require_POST
def subscription(request: HttpRequest) -> HttpResponse:
    """Make the address for a calendar program, or stop it."""
    if request.POST.get("stop"):
        own.stop_feed(request.user)
        messages.success(request, _("The address leads nowhere any more."))
    elif not may(request.user, Purpose.CALENDARS):
        messages.error(request, why_not(request.user))
        return redirect("col_people:my_data")
    else:
        own.make_feed(request.user)
        messages.success(request, _("Here is the address for your calendar."))
    return redirect("col_learning:dates")


@learners_own
@require_POST
def reminding(request: HttpRequest) -> HttpResponse:
    """Switch reminders on or off."""
    if request.POST.get("stop"):
        reminders.stop(request.user)
        messages.success(request, _("You get no more reminders."))
    elif not may(request.user, Purpose.EMAILS):
        messages.error(request, why_not(request.user))
        return redirect("col_people:my_data")
    else:
        reminders.want(request.user)
        messages.success(request, _("You get an e-mail before each date."))
    return redirect("col_learning:dates")


@never_kept
@require_safe
def own_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The dates for a calendar program, which cannot log in: the address is the secret."""
    feed = own.find_feed(token)
    if feed is None:
        raise Http404("There is no such calendar.")
    response = HttpResponse(own.as_calendar(feed), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="my-learning.ics"'
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


# Mail programs post here without a cookie of ours (RFC 8058): the signed address is enough.
@csrf_exempt
@in_chosen_language
@never_kept
@require_http_methods(["GET", "HEAD", "POST"])
def stop_reminders(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of a reminder leads: looking stops nothing, the button does."""
    key = reminders.of_link(token)
    if key is None:
        raise Http404("There is no such link.")
    wanted = Reminders.objects.filter(key=key)
    if request.method == "POST":
        wanted.delete()
    return render_page(
        request, "wagtail_col/learning/reminders_stop.html", {"is_on": wanted.exists()}
    )
