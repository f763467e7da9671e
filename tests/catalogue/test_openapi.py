"""The description of the open data: it is valid, complete, and the answers keep to it."""

import contextlib
import json
from decimal import Decimal

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.catalogue import making
from wagtail_col.catalogue.openapi import document
from wagtail_col.geo import Point

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
LICENCE = {"name": "CC BY 4.0", "url": "https://licence.example/by/4.0/"}
#: Nonsense for each parameter.
WRONG = {
    "q": "x" * 101,
    "interest": "nothing",
    "kind": "nothing",
    "when": "never",
    "from": "soon",
    "to": "soon",
    "place": "nowhere",
    "free": "perhaps",
    "age": "old",
    "district": "nothing",
    "box": "here",
    "skill": "nothing",
    "time": "midnight",
    "max_price": "much",
    "language": "?",
    "access": "nothing",
    "near": "Nowhere at all",
    "at": "here",
    "within": "far",
    "sort": "beauty",
    "page": "0",
    "territory": "x",
    "provider": "x",
}


@pytest.fixture(autouse=True)
def licensed(settings):
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "DATA_LICENCE": LICENCE}


@pytest.fixture
def listings(db):
    making.interest("music")
    city = making.territory()
    making.listing("Bare", dates=(), kind="volunteering", point=None, is_online=True)
    return [
        making.listing(
            "Full",
            territory=city,
            provider=making.provider(),
            interests=("music",),
            price=Decimal("7.50"),
            is_free=False,
            age_min=14,
            age_max=30,
            delivery_languages=("es",),
            minutes=90,
            venue="Studio",
            attribution="City of Example",
            image="/media/x.jpg",
            point=Point(-3.5, 40.5),
            dates=(making.on(3), making.on(9)),
        )
    ]


@pytest.mark.django_db
def test_it_is_valid_and_anybody_may_read_it(client):
    answer = client.get("/col/openapi.json")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert not answer.cookies
    described = answer.json()
    validate(described)
    assert described["openapi"] == "3.1.0"
    assert described["info"]["license"] == LICENCE
    names = [methods["get"]["operationId"] for methods in described["paths"].values()]
    assert len(set(names)) == len(names) == 6


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(set(document()["components"]["parameters"]) - {"lang"}))
def test_every_parameter_is_one_of_the_searches(client, name):
    response = client.get("/col/opportunities.json", {name: WRONG[name]})
    assert response.status_code == 400
    assert response.json()["parameter"] == name
    assert schema("Refusal").is_valid(response.json())


def schema(name: str) -> Draft202012Validator:
    described = document()
    return Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": described["components"]},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


def test_the_json_is_as_described(client, listings):
    said = client.get("/col/opportunities.json").json()
    assert said["count"] == 2
    schema("Page").validate(said)


def test_the_geojson_is_as_described(client, listings):
    said = json.loads(b"".join(client.get("/col/opportunities.geojson").streaming_content))
    assert said["features"]
    schema("Features").validate(said)


@pytest.fixture
def site():
    """The site as a server calls it, inside of the test's transaction."""
    site = get_wsgi_application()

    def answer(environ, start_response):
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
        return site(environ, start_response)

    yield answer
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("path", list(document()["paths"]), ids=lambda path: path.split(".")[-1])
def test_what_is_described_is_what_happens(site, listings, path, mode):
    described = schemathesis.openapi.from_wsgi("/col/openapi.json", site)
    cases = described[path]["GET"].as_strategy(generation_mode=mode)

    @given(data=st.data())
    @settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def holds(data):
        case = data.draw(cases)
        with contextlib.suppress(KeyError, TypeError):
            if data.draw(st.booleans()):
                case.path_parameters["key"] = str(listings[0].key)
        case.validate_response(case.call(), checks=CHECKS)

    with contextlib.suppress(Unsatisfiable):
        holds()
