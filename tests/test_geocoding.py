"""From an address to a point, against a real service on this machine."""

import contextlib
import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from wagtail_col import geocoding
from wagtail_col.geocoding import Nominatim, Place, ServiceDown, find, in_gazetteer

GOOD = [{"lat": "40.4", "lon": "-3.7", "display_name": "Calle Mayor 1, Madrid"}]


@pytest.fixture
def service():
    """A service whose ``answer`` (a function of the handler) a test sets; ``asked`` has queries."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            server.asked.append(
                (parse_qs(urlsplit(self.path).query), self.headers.get("User-Agent"))
            )
            with contextlib.suppress(OSError):  # The client hung up, as it should.
                server.answer(self)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.asked = []
    server.url = f"http://127.0.0.1:{server.server_port}/search"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def says(body, status=200, kind="application/json"):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()

    def answer(handler):
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def test_a_good_answer(service):
    service.answer = says(GOOD)
    places = Nominatim(service.url, countries=("es", "pt"))("Calle Mayor 1", "es")
    assert places == [Place("Calle Mayor 1, Madrid", -3.7, 40.4)]
    query, agent = service.asked[0]
    assert query["q"] == ["Calle Mayor 1"]
    assert query["accept-language"] == ["es"]
    assert query["countrycodes"] == ["es,pt"]
    assert "wagtail_col" in agent


def test_places_that_are_none_are_left_out(service):
    service.answer = says(
        [
            {"lat": "95", "lon": "1", "display_name": "beyond"},
            {"lat": "nan", "lon": "1", "display_name": "nowhere"},
            {"lon": "1", "display_name": "half"},
            "text",
            None,
            *GOOD,
        ]
    )
    assert [place.name for place in Nominatim(service.url)("x", "en")] == []
    service.answer = says(["text", *GOOD])
    assert [place.lat for place in Nominatim(service.url)("x", "en")] == [40.4]


def redirect(handler):
    handler.send_response(302)
    handler.send_header("Location", "http://169.254.169.254/")
    handler.end_headers()


@pytest.mark.parametrize(
    "answer",
    [
        says([], status=500),
        says([], status=429),
        says({"error": "no"}),
        says(b"<p>no</p>", kind="text/html"),
        says(b"not json"),
        says(b"[" * 100_000),
        says(b" " * 1_100_000 + b"[]"),
        says(GOOD, kind="text/plain"),
        redirect,
        lambda handler: handler.wfile.write(b"nonsense\r\n\r\n"),
        lambda handler: None,
    ],
)
def test_a_bad_answer_is_a_service_that_is_down(service, answer):
    service.answer = answer
    with pytest.raises(ServiceDown):
        Nominatim(service.url)("secret street 5", "en")


def test_reasons_hold_neither_the_question_nor_the_answer(service):
    service.answer = says(b"a secret answer", status=503)
    with pytest.raises(ServiceDown) as refused:
        Nominatim(service.url)("secret street 5", "en")
    assert "secret" not in str(refused.value)


def test_nobody_there():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/search"
        with pytest.raises(ServiceDown):
            Nominatim(url)("x", "en")


def test_a_slow_drip_ends(service):
    def drip(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        for _ in range(200):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)

    service.answer = drip
    nominatim = Nominatim(service.url)
    nominatim.TIMEOUT = 0.5
    start = time.monotonic()
    with pytest.raises(ServiceDown):
        nominatim("x", "en")
    assert time.monotonic() - start < 2


def test_a_service_that_says_nothing_ends(service):
    service.answer = lambda handler: time.sleep(3)
    nominatim = Nominatim(service.url)
    nominatim.TIMEOUT = 0.3
    start = time.monotonic()
    with pytest.raises(ServiceDown):
        nominatim("x", "en")
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/", "search"])
def test_only_web_addresses(url):
    with pytest.raises(ValueError, match="http"):
        Nominatim(url)


def test_the_gazetteer_knows_towns_without_accents_and_case():
    madrid = in_gazetteer("MADRID")[0]
    assert (round(madrid.lat, 1), round(madrid.lon, 1)) == (40.4, -3.7)
    assert madrid.name == "Madrid, ES"
    assert in_gazetteer("šibenik")[0].name == in_gazetteer("Sibenik")[0].name
    assert in_gazetteer("Madrid, ES") and not in_gazetteer("Madrid, PL")
    assert in_gazetteer("") == in_gazetteer("no such town") == []
    assert len(in_gazetteer("San José")) <= geocoding.MOST


def never(query, language):
    raise AssertionError("the service was asked")


def broken(query, language):
    raise ZeroDivisionError


def by_street(query, language):
    return [Place(f"{query} ({language})", 1, 2)]


def nothing(query, language):
    return []


@pytest.fixture
def geocoder(settings):
    def use(function):
        path = f"{__name__}.{function.__name__}"
        settings.WAGTAIL_COL = settings.WAGTAIL_COL | {"GEOCODER": path}

    return use


def test_what_we_know_ourselves_comes_first(geocoder):
    geocoder(never)
    mine = Place("Medialab", -3.69, 40.41)
    assert find("medialab", "en", own=lambda query: [mine]).places == [mine]
    assert find("Ljubljana", "en").places[0].name == "Ljubljana, SI"
    assert find("   ", "en").places == []


def test_then_the_service_is_asked(geocoder):
    geocoder(by_street)
    found = find("Calle  Nowhere 3", "es", own=lambda query: [])
    assert found == ([Place("Calle Nowhere 3 (es)", 1, 2)], True)


def test_of_an_address_at_least_the_town(geocoder):
    geocoder(nothing)
    found = find("Calle Nowhere 3, Ljubljana", "en")
    assert found.places[0].name == "Ljubljana, SI"
    assert not found.exact


def test_a_service_that_fails_is_said_unless_the_town_is_known(geocoder):
    geocoder(broken)
    with pytest.raises(ServiceDown):
        find("Calle Nowhere 3", "en")
    assert not find("Calle Nowhere 3, Ljubljana", "en").exact


def test_without_a_service_nothing_is_found():
    assert find("Calle Nowhere 3", "en").places == []
