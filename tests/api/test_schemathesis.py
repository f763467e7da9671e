"""Requests made up from the description: no 5xx, and every answer is one that is described."""

import contextlib

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api import build
from tests.api.test_openapi import LEARNERS, SYSTEMS, World, operations
from tests.badges.elsewhere import Pages
from wagtail_col.api.openapi import document
from wagtail_col.badges import importing

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
EXAMPLES = 15


@pytest.fixture
def quiet(monkeypatch, settings):
    """Nothing is asked from other hosts, and registrations are not counted."""
    monkeypatch.setattr(importing, "Web", Pages().web)
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "REGISTRATIONS_PER_HOUR_AND_ADDRESS": None}


@pytest.fixture
def site():
    """The site as a server calls it, but inside of the test's transaction: its connection stays
    open. Django's own test client puts back what is taken out here, so it is taken out last."""
    site = get_wsgi_application()

    def answer(environ, start_response):
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
        return site(environ, start_response)

    yield answer
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize(
    ("path", "method", "scheme", "scope"),
    list(operations()),
    ids=lambda part: str(part).rpartition("/")[2],
)
@pytest.mark.django_db
def test_what_is_described_is_what_happens(quiet, site, path, method, scheme, scope, mode):
    world = World()
    headers = {}
    if scheme in (LEARNERS, SYSTEMS):
        headers = build.bearer(world.token(scheme, scope))
    elif scheme == "ClientSecret":
        application, secret = build.system(world.issuer)
        headers = {"Authorization": build.basic(application.client_id, secret)}
    schema = schemathesis.openapi.from_wsgi("/col/api/openapi.json", site)
    cases = schema[path][method.upper()].as_strategy(generation_mode=mode)

    @given(data=st.data())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def holds(data):
        case = data.draw(cases)
        with contextlib.suppress(KeyError, TypeError):
            if data.draw(st.booleans()):
                case.path_parameters["key"] = str(world.award.key)
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)

    try:
        holds()
    except Unsatisfiable:
        # Where nothing is sent, nothing can be wrong.
        assert mode is GenerationMode.NEGATIVE
        operation = document.paths()[path][method]
        assert not operation.get("parameters") and "requestBody" not in operation
