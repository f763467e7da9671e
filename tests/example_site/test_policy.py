"""Which content security policy a page of the example site gets."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from example_site.config.middleware import AdminContentSecurityPolicy

ADMIN = {"default-src": ["'self'"]}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/admin/", ADMIN),
        ("/admin/pages/3/edit/", ADMIN),
        ("/django-admin/auth/", ADMIN),
        ("/en/", None),
        ("/administration/", None),
        ("/en/admin/", None),
        ("/accounts/login/", None),
    ],
)
def test_only_the_admin_has_a_policy_of_its_own(path, expected, settings):
    settings.ADMIN_CONTENT_SECURITY_POLICY = ADMIN
    middleware = AdminContentSecurityPolicy(lambda request: HttpResponse())
    response = middleware(RequestFactory().get(path))
    assert getattr(response, "_csp_replace", None) == expected
