"""All our own addresses, to be included at the root of the site's urls.

``.well-known/did.json`` has to stand at the root (did:web, section 3.2); everything else lies
below ``col/`` so that no page of the site is ever hidden.
"""

from django.apps import apps
from django.urls import include, path

urlpatterns = [
    path("", include(f"wagtail_col.{floor}.urls"))
    for floor in ("people", "catalogue", "badges", "api", "lti", "learning")
    if apps.is_installed(f"wagtail_col.{floor}")
]
