from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse


class AdminContentSecurityPolicy:
    """Give the admin the policy it needs; every other page keeps the strict one.

    Wagtail's and Django's admin have inline scripts and styles of their own. django-csp, which
    runs outside of this, writes the header from what is noted on the response.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.prefixes = (reverse("wagtailadmin_home"), reverse("admin:index"))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(self.prefixes):
            response._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY
        return response
