"""The example site's addresses, one that answers nothing, and one that only asks who is there."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from example_site.config.urls import urlpatterns as site


def signed_in(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.user.is_authenticated))


urlpatterns = [
    path("bench-empty", lambda request: HttpResponse()),
    path("bench-signed-in", signed_in),
    *site,
]
