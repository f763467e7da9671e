"""Connected apps: what a learner lets other systems do, and the buttons that stop it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wagtail_col.api import asking, connecting
from wagtail_col.api.models import Connection
from wagtail_col.badges.views.finding import not_here
from wagtail_col.own import learners_own
from wagtail_col.shell import render_page


@learners_own
@require_safe
def connected(request: HttpRequest) -> HttpResponse:
    """Which apps are connected, since when, last used when. A constant number of queries."""
    connections = (
        Connection.objects.filter(learner=request.user)
        .select_related("application")
        .order_by("-since", "-pk")
    )
    rows = [
        {
            "connection": connection,
            "face": asking.face(connection.application),
            "wishes": asking.wishes(connection.scope.split()),
        }
        for connection in connections
    ]
    return render_page(request, "wagtail_col/api/connected.html", {"rows": rows})


@learners_own
@require_POST
def stop(request: HttpRequest, key: UUID) -> HttpResponse:
    """Stop one of one's own connections, at once."""
    connection = (
        Connection.objects.filter(key=key, learner=request.user)
        .select_related("application", "learner")
        .first()
    )
    if connection is None:
        return not_here(request)
    host = connection.application.host
    connecting.stop(connection)
    messages.success(
        request,
        _("%(host)s is no longer connected. What it copied before, it may still have.")
        % {"host": host},
    )
    return redirect("col_api:connected")
