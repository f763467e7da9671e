"""The example site's addresses, and one that answers nothing."""

from django.http import HttpResponse
from django.urls import path

from example_site.config.urls import urlpatterns as site

urlpatterns = [path("bench-empty", lambda request: HttpResponse()), *site]
