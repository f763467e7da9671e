"""The example site's addresses, one that answers nothing, one that only asks who is there, and
those of the peers that finding is measured beside."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet

from example_site.config.urls import urlpatterns as site
from tests.benchmarks.find import points

peer = WagtailAPIRouter("bench-api")
peer.register_endpoint("pages", PagesAPIViewSet)


def signed_in(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.user.is_authenticated))


urlpatterns = [
    path("bench-empty", lambda request: HttpResponse()),
    path("bench-signed-in", signed_in),
    path("bench-api/", peer.urls),
    path("bench-all-points", points.page),
    path("bench-all-points.js", points.script),
    path("bench-points.json", points.points),
    *site,
]
