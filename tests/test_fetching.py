"""What is fetched from addresses of strangers, and everything that is not."""

import socket
import threading
import time
from types import SimpleNamespace

import pytest

from tests.serving import allowing, certificate, http, serve
from wagtail_col import checks, connecting, fetching
from wagtail_col.fetching import FetchRefused, fetch

JSON = ("application/json",)


@pytest.fixture
def private(settings):
    return allowing(settings)


@pytest.fixture
def names(monkeypatch):
    """A name server of the test: names to lists of lists of addresses, one for each look-up."""
    known, asked = {}, []
    real = socket.getaddrinfo

    def look_up(host, port, *args, **kwargs):
        if host not in known:
            if host[0].isdigit() or ":" in host:
                return real(host, port, *args, **kwargs)
            raise socket.gaierror(-2, "Name or service not known")
        asked.append(host)
        found = known[host].pop(0) if len(known[host]) > 1 else known[host][0]
        return [
            (socket.AF_INET6 if ":" in a else socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port))
            for a in found
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return SimpleNamespace(known=known, asked=asked)


@pytest.fixture
def connected(monkeypatch):
    """Addresses that were connected to; no connection is really made."""
    tried = []

    def create_connection(address, *args, **kwargs):
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", create_connection)
    return tried


def refusal(url, **options):
    with pytest.raises(FetchRefused) as refused:
        fetch(url, accept=JSON, **options)
    assert str(refused.value)
    return refused.value.code


def test_a_document_comes_with_type_address_and_headers(private):
    answer = http(b'{"a": 1}', content_type="application/JSON; charset=utf-8", headers="X-A: b\r\n")
    with serve(answer) as server:
        private(server)
        found = fetch(f"http://{server.host}/keys?a=b#c", accept=JSON, headers={"X-Own": "1"})
    assert (found.body, found.status, found.media_type) == (b'{"a": 1}', 200, "application/json")
    assert found.url == f"http://{server.host}/keys?a=b"
    assert found.headers["x-a"] == "b"
    (request,) = server.requests
    assert request.startswith("GET /keys?a=b HTTP/1.1\r\n")
    for line in (f"Host: {server.host}", "Accept-Encoding: identity", "X-Own: 1"):
        assert f"\r\n{line}\r\n" in request


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("file:///etc/passwd", "scheme"),
        ("ftp://example.org/", "scheme"),
        ("gopher://127.0.0.1:6379/_FLUSHALL", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("//example.org/", "scheme"),
        ("/keys", "scheme"),
        ("http://example.org/", "scheme"),
        ("https://user@example.org/", "userinfo"),
        ("https://user:secret@example.org/", "userinfo"),
        ("https://example.org\\@127.0.0.1/", "url"),
        ("https://", "url"),
        ("https:///path", "url"),
        ("https://example.org:99999/", "url"),
        ("https://example.org:0/", "url"),
        ("https://[::1/", "url"),
        ("https://exam\tple.org/", "url"),
        ("https://example.org/\r\nX-Evil: 1", "url"),
        (" https://example.org/", "url"),
        ("https://127.0.0.1/", "address"),
        ("https://127.1/", "address"),
        ("https://2130706433/", "address"),
        ("https://0x7f000001/", "address"),
        ("https://0.0.0.0/", "address"),
        ("https://[::1]/", "address"),
        ("https://[::ffff:127.0.0.1]/", "address"),
        ("https://169.254.169.254/latest/meta-data/", "address"),
    ],
)
def test_an_address_that_is_not_fetched(url, code, connected):
    assert refusal(url) == code
    assert connected == []


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.53",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::8.8.8.8",
        "::ffff:10.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::808:808",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "fc00::1",
        "fe80::1",
        "fe80::1%lo",
        "fec0::1",
        "ff02::1",
    ],
)
def test_a_name_of_a_private_address_is_not_connected_to(address, names, connected):
    names.known["tool.example"] = [["93.184.215.14", address]]
    assert refusal("https://tool.example/") == "address"
    assert connected == []


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07::1", "64:ff9b::808:808"])
def test_a_name_of_a_public_address_is_connected_to(address, names, connected):
    names.known["tool.example"] = [[address]]
    assert refusal("https://tool.example/") == "unreachable"
    assert connected == [(address, 443)]


def test_a_name_server_that_answers_differently_the_second_time(names, connected):
    names.known["tool.example"] = [["93.184.215.14"], ["127.0.0.1"]]
    assert refusal("https://tool.example:8443/") == "unreachable"
    assert names.asked == ["tool.example"]
    assert connected == [("93.184.215.14", 8443)]


def test_a_name_that_is_none(names):
    assert refusal("https://nobody.example/") == "unresolved"


def test_a_name_server_that_does_not_answer(monkeypatch):
    done = threading.Event()

    def wait(*args, **kwargs):
        done.wait(30)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", wait)
    assert refusal("https://tool.example/", seconds=0.2) == "too-slow"
    done.set()


class TestTls:
    @pytest.fixture
    def secure(self, tmp_path, monkeypatch, names, private):
        """A server at https://tool.example, on loopback, with a certificate for that name."""
        path, context = certificate(tmp_path, "tool.example")
        names.known["tool.example"] = names.known["other.example"] = [["127.0.0.1"]]
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        shown = []
        context.sni_callback = lambda sock, name, _context: shown.append(name)
        with serve(http(), context) as server:
            server.names_shown = shown
            private("tool.example", f"other.example:{server.port}")
            yield server

    def test_the_name_is_shown_and_the_certificate_is_checked_against_it(self, secure):
        assert fetch(f"https://tool.example:{secure.port}/", accept=JSON).body == b"{}"
        assert secure.names_shown == ["tool.example"]
        assert f"Host: tool.example:{secure.port}\r\n" in secure.requests[0]

    def test_a_certificate_of_another_name(self, secure):
        assert refusal(f"https://other.example:{secure.port}/") == "certificate"
        assert secure.requests == []

    def test_a_certificate_nobody_vouches_for(self, secure, monkeypatch):
        monkeypatch.delenv("SSL_CERT_FILE")
        assert refusal(f"https://tool.example:{secure.port}/") == "certificate"
        assert secure.requests == []

    def test_a_server_without_tls(self, private):
        with serve(http()) as server:
            private(server)
            assert refusal(f"https://{server.host}/", seconds=1) in ("unreachable", "too-slow")

    def test_a_slow_drip_inside_tls_is_cut_off(self, secure):
        def answer(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
            while True:
                connection.sendall(b"a")
                time.sleep(0.05)

        secure.answer = answer
        assert refusal(f"https://tool.example:{secure.port}/", seconds=0.5) == "too-slow"

    def test_a_handshake_that_never_ends(self, private):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            host = f"127.0.0.1:{silent.getsockname()[1]}"
            private(host)
            assert refusal(f"https://{host}/", seconds=0.3) == "too-slow"


class TestRedirects:
    def away(self, location, status="302 Found"):
        return http(b"", status=status, headers=f"Location: {location}\r\n")

    @pytest.mark.parametrize("status", ["301 A", "302 B", "303 C", "307 D", "308 E"])
    def test_two_are_followed(self, status, private):
        with (
            serve(http()) as last,
            serve(self.away(f"http://{last.host}/c", status)) as second,
            serve(self.away(f"//{second.host}/b?x=1", status)) as first,
        ):
            private(first, second, last)
            found = fetch(f"http://{first.host}/a", accept=JSON, headers={"X-Own": "1"})
        assert found.url == f"http://{last.host}/c"
        assert second.requests[0].startswith("GET /b?x=1 ")
        assert "X-Own" in first.requests[0]
        assert "X-Own" not in second.requests[0] + last.requests[0]

    def test_a_third_is_not(self, private):
        with serve(self.away("/again")) as server:
            private(server)
            assert refusal(f"http://{server.host}/") == "redirect"
            assert len(server.requests) == 3

    @pytest.mark.parametrize(
        ("location", "code"),
        [
            ("https://{inner}/", "address"),
            ("http://{inner}/", "scheme"),
            ("http://example.org/", "scheme"),
            ("file:///etc/passwd", "scheme"),
            ("https://a:b@example.org/", "userinfo"),
            ("https://10.0.0.1/", "address"),
        ],
    )
    def test_each_is_checked_anew(self, location, code, private):
        with serve(http()) as inner, serve(self.away(location.format(inner=inner.host))) as outer:
            private(outer)
            assert refusal(f"http://{outer.host}/") == code
            assert inner.requests == []

    def test_a_stranger_cannot_point_at_a_private_host(self, private, names, monkeypatch, tmp_path):
        """Not even at one that the site itself may fetch from."""
        path, context = certificate(tmp_path, "tool.example")
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        names.known["tool.example"] = [["127.0.0.1"]]
        monkeypatch.setattr(connecting, "is_public", lambda address: True)
        with serve(http()) as inner, serve(self.away(f"http://{inner.host}/"), context) as outer:
            private(inner)
            assert refusal(f"https://tool.example:{outer.port}/") == "address"
            assert len(outer.requests) == 1 and inner.requests == []


class TestPrivateHosts:
    @pytest.mark.parametrize(
        ("entry", "url", "allowed"),
        [
            ("localhost", "http://localhost/", True),
            ("localhost", "http://localhost:9001/", True),
            ("LocalHost:9001", "http://localhost.:9001/", True),
            ("localhost:9001", "http://localhost/", False),
            ("localhost:80", "http://localhost/", True),
            ("localhost:443", "https://localhost/", True),
            ("localhost", "http://sub.localhost/", False),
            ("::1", "http://[::1]:5/", True),
            ("[::1]:5", "http://[::1]:5/", True),
            ("[::1]:6", "http://[::1]:5/", False),
        ],
    )
    def test_are_named_by_host_or_by_host_and_port(self, entry, url, allowed, private):
        private(entry)
        if allowed:
            assert fetching.is_private_host(fetching.check_url(url))
        else:
            with pytest.raises(FetchRefused, check=lambda refused: refused.code == "scheme"):
                fetching.check_url(url)

    def test_are_pointed_out_before_the_site_goes_public(self, private):
        assert "wagtail_col.W006" not in [m.id for m in checks.check_deployment(None)]
        private("localhost:9001")
        (message,) = [m for m in checks.check_deployment(None) if m.id == "wagtail_col.W006"]
        assert "localhost:9001" in message.msg


def test_an_international_name_is_asked_for_in_ascii(names, connected):
    names.known["xn--bcher-kva.example"] = [["93.184.215.14"]]
    assert refusal("https://bücher.example/ä?ö=ü") == "unreachable"
    assert fetching.check_url("https://bücher.example/ä?q=é").geturl() == (
        "https://xn--bcher-kva.example/%C3%A4?q=%C3%A9"
    )
