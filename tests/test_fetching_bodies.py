"""Answers of strangers: too slow, too long, broken off, of another kind."""

import gzip
import time

import pytest
from django.utils import translation

from tests.serving import allowing, http, serve
from wagtail_col import fetching
from wagtail_col.fetching import FetchRefused, fetch

JSON = ("application/json",)


@pytest.fixture
def private(settings):
    return allowing(settings)


def refusal(url, **options):
    with pytest.raises(FetchRefused) as refused:
        fetch(url, accept=JSON, **options)
    assert str(refused.value)
    return refused.value.code


class TestBodies:
    def drip(self, first):
        """Sends ``first`` and then a byte again and again, each soon after the other."""

        def answer(connection):
            connection.sendall(first)
            while True:
                connection.sendall(b"a")
                time.sleep(0.05)

        return answer

    @pytest.mark.parametrize(
        "first",
        [
            b"HTTP/1.1 2",
            b"HTTP/1.1 200 OK\r\nX-Slow: ",
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999999\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n",
        ],
    )
    def test_a_slow_drip_is_cut_off(self, first, private):
        with serve(self.drip(first)) as server:
            private(server)
            with pytest.raises(FetchRefused, check=lambda refused: refused.code == "too-slow"):
                fetch(f"http://{server.host}/", accept=("*/*",), seconds=0.5)

    def test_a_body_without_end(self, private):
        def answer(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
            while True:
                connection.sendall(b" " * 65536)

        with serve(answer) as server:
            private(server)
            assert refusal(f"http://{server.host}/") == "too-large"

    def test_a_body_that_says_it_is_too_long(self, private):
        with serve(http(b"", length=1_000_001)) as server:
            private(server)
            assert refusal(f"http://{server.host}/") == "too-large"

    def test_a_body_of_just_the_size(self, private):
        with serve(http(b"x" * 1000)) as server:
            private(server)
            assert len(fetch(f"http://{server.host}/", accept=JSON, max_bytes=1000).body) == 1000
            assert refusal(f"http://{server.host}/", max_bytes=999) == "too-large"

    def test_a_body_that_breaks_off(self, private):
        with serve(http(b'{"keys": [', length=50)) as server:
            private(server)
            assert refusal(f"http://{server.host}/") == "unreachable"

    def test_a_compressed_body_is_not_unpacked(self, private):
        bomb = gzip.compress(b" " * 20_000_000)
        for coding in ("gzip", "GZIP", "deflate", "br", "identity, gzip"):
            with serve(http(bomb, headers=f"Content-Encoding: {coding}\r\n")) as server:
                private(server)
                assert refusal(f"http://{server.host}/") == "encoding"

    def test_an_answer_that_is_no_http(self, private):
        with serve(b"SSH-2.0-OpenSSH_9.9\r\n") as server:
            private(server)
            assert refusal(f"http://{server.host}/") == "unreachable"

    def test_another_kind_of_document(self, private):
        with serve(http(b"<html>", content_type="text/html")) as server:
            private(server)
            assert refusal(f"http://{server.host}/") == "type"
            assert fetch(f"http://{server.host}/", accept=("text/*",)).body == b"<html>"
            assert fetch(f"http://{server.host}/", accept=("*/*",)).body == b"<html>"

    def test_an_error_is_named_by_its_number_and_nothing_of_its_body(self, private):
        with serve(http(b"secret inside", status="503 Secret Too")) as server:
            private(server)
            with pytest.raises(FetchRefused) as refused:
                fetch(f"http://{server.host}/", accept=JSON)
        assert (refused.value.code, refused.value.status) == ("status", 503)
        assert "503" in str(refused.value) and "ecret" not in repr(refused.value)
        with translation.override("en"):
            assert fetching.says_short(refused.value.short) == str(refused.value)
