"""Documents from addresses that other people chose, fetched so that nothing here is reached by it.

A name is looked up once. When any of its addresses is not a public one, nothing is connected to;
otherwise the connection goes to that very address, so a name server cannot answer differently the
second time. What comes back is short, quick, of an expected type and not compressed. Hosts in
``WAGTAIL_COL["FETCH_PRIVATE_HOSTS"]`` may be private, and may be spoken to without TLS.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from django.utils.translation import gettext_lazy as _

from wagtail_col.conf import base_url, settings
from wagtail_col.connecting import Unconnected, connect

MOST_REDIRECTS = 2
REDIRECTS = (301, 302, 303, 307, 308)
PIECE = 65536

#: What went wrong, in words for a person, by the code of the refusal.
MESSAGES = {
    "url": _("This is not a complete web address."),
    "scheme": _("The address has to begin with https://."),
    "userinfo": _("The address holds a name or a password, which is not allowed."),
    "address": _("The address is inside a private network, which this site does not reach into."),
    "unresolved": _("There is no server of that name."),
    "unreachable": _("The server does not answer."),
    "certificate": _("The server’s certificate is not valid for this address."),
    "redirect": _("The server sends on to other addresses too often."),
    "elsewhere": _("The server sends on to another website, whose word does not count here."),
    "status": _("The server answers with an error."),
    "type": _("The server answers with another kind of document than expected."),
    "encoding": _("The server compresses its answer although it was asked not to."),
    "too-large": _("The server’s answer is too large."),
    "too-slow": _("The server takes too long to answer."),
}


class FetchRefused(Exception):
    """Nothing usable was fetched. ``code`` is a key of ``MESSAGES`` ("elsewhere" is for callers
    that compare ``Fetched.url``); "status" has its number.

    ``str()`` of it is a sentence for a person, in their language, with nothing of what came back.
    """

    def __init__(self, code: str, status: int | None = None) -> None:
        super().__init__(code, status)
        self.code = code
        self.status = status

    def __str__(self) -> str:
        return says(self.code, self.status)

    @property
    def short(self) -> str:
        """To be stored: the code, with the status if there is one. ``says_short`` reads it."""
        return f"{self.code} {self.status}" if self.status else self.code


def says(code: str, status: int | None = None) -> str:
    """A refusal's code as a sentence for a person."""
    sentence = str(MESSAGES.get(code, code))
    return f"{sentence} ({status})" if status else sentence


def says_short(short: str) -> str:
    """What ``FetchRefused.short`` stored, as a sentence."""
    code, _space, status = short.partition(" ")
    return says(code, int(status) if status.isdigit() else None)


class Fetched(NamedTuple):
    """What was fetched: ``url`` after redirects, ``media_type`` without parameters, all of the
    body, header fields by their lower-case names."""

    url: str
    status: int
    media_type: str
    body: bytes
    headers: Mapping[str, str]


def fetch(
    url: str,
    *,
    accept: tuple[str, ...],
    headers: Mapping[str, str] | None = None,
    max_bytes: int = 1_000_000,
    seconds: float = 5,
) -> Fetched:
    """GET ``url``. Raises FetchRefused.

    ``accept``: media types it may have, also ``"image/*"`` and ``"*/*"``. ``seconds``: for all of
    it together, from looking the name up to the last byte, redirects included. ``headers`` are
    not sent on to another host.
    """
    deadline = time.monotonic() + seconds
    target = check_url(url)
    private = is_private_host(target)
    for _hop in range(MOST_REDIRECTS + 1):
        found = _get(target, accept, headers or {}, max_bytes, deadline)
        if isinstance(found, Fetched):
            return found
        before, target = target, check_url(urljoin(target.geturl(), found))
        if is_private_host(target) and not private:
            # A stranger outside cannot point at what the site's own set-up is allowed to reach.
            raise FetchRefused("address")
        if before[:2] != target[:2]:
            headers = None
    raise FetchRefused("redirect")


def check_url(url: str) -> SplitResult:
    """The parts of an address that may be fetched, host in ASCII. FetchRefused when it may not be.

    Nothing is looked up, so this can be asked of an address somebody has just entered.
    """
    # urlsplit drops some of these silently, and others are read differently by other programs.
    if any(ord(c) <= 32 or ord(c) == 127 or c == "\\" for c in url):
        raise FetchRefused("url")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise FetchRefused("url") from error
    if parts.scheme not in ("http", "https"):
        raise FetchRefused("scheme")
    if "@" in parts.netloc:
        raise FetchRefused("userinfo")
    host = _ascii(parts.hostname or "")
    if not host or port == 0:
        raise FetchRefused("url")
    shown = f"[{host}]" if ":" in host else host
    netloc = shown if port is None else f"{shown}:{port}"
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._") or "/"
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]|")
    checked = SplitResult(parts.scheme, netloc, path, query, "")
    if checked.scheme != "https" and not is_private_host(checked):
        raise FetchRefused("scheme")
    return checked


def is_private_host(target: SplitResult) -> bool:
    """Whether the settings name this host, alone or with its port, as one that may be private."""
    host, port = target.hostname or "", _port(target)
    names = {host, f"{host}:{port}", f"[{host}]", f"[{host}]:{port}"}
    return any(name.lower() in names for name in settings.FETCH_PRIVATE_HOSTS)


def _ascii(host: str) -> str:
    host = host.rstrip(".").lower()
    try:
        return host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError as error:
        raise FetchRefused("url") from error


def _port(target: SplitResult) -> int:
    return target.port or (443 if target.scheme == "https" else 80)


def _get(
    target: SplitResult,
    accept: tuple[str, ...],
    headers: Mapping[str, str],
    max_bytes: int,
    deadline: float,
) -> Fetched | str:
    """One request: the document, or where it says to look instead."""
    with ExitStack() as stack:
        try:
            sock = connect(
                target.hostname or "",
                _port(target),
                tls=target.scheme == "https",
                private=is_private_host(target),
                deadline=deadline,
                stack=stack,
            )
            connection = HTTPConnection(target.netloc)
            connection.sock = sock
            path = f"{target.path}?{target.query}" if target.query else target.path
            connection.request("GET", path, headers={**_headers(target, accept), **headers})
            response = stack.enter_context(connection.getresponse())
            if time.monotonic() >= deadline:
                # Cut off within the header, of which we have the beginning then.
                raise FetchRefused("too-slow")
            if response.status in REDIRECTS and (location := response.getheader("Location")):
                return location
            body = _checked_body(response, accept, max_bytes, deadline)
        except Unconnected as error:
            raise FetchRefused(error.code) from error
        except (OSError, HTTPException, ValueError) as error:
            # At the deadline the connection is cut, which looks like any other broken one.
            if isinstance(error, TimeoutError) or time.monotonic() >= deadline:
                raise FetchRefused("too-slow") from None
            bad = isinstance(error, ssl.SSLCertVerificationError)
            raise FetchRefused("certificate" if bad else "unreachable") from None
    found = {name.lower(): value for name, value in response.getheaders()}
    return Fetched(target.geturl(), response.status, _media_type(response), body, found)


def _headers(target: SplitResult, accept: tuple[str, ...]) -> dict[str, str]:
    return {
        "Host": target.netloc,
        "Accept": ", ".join(accept),
        "Accept-Encoding": "identity",
        "User-Agent": f"wagtail_col ({base_url() or 'a Wagtail site'})",
        "Connection": "close",
    }


def _media_type(response: HTTPResponse) -> str:
    return response.getheader("Content-Type", "").partition(";")[0].strip().lower()


def _checked_body(
    response: HTTPResponse, accept: tuple[str, ...], max_bytes: int, deadline: float
) -> bytes:
    if not 200 <= response.status < 300:
        raise FetchRefused("status", response.status)
    media_type = _media_type(response)
    kinds = {media_type, f"{media_type.partition('/')[0]}/*", "*/*"}
    if kinds.isdisjoint(accept):
        raise FetchRefused("type")
    if response.getheader("Content-Encoding", "identity").strip().lower() not in ("identity", ""):
        raise FetchRefused("encoding")
    if (response.length or 0) > max_bytes:
        raise FetchRefused("too-large")
    body = bytearray()
    while piece := response.read1(PIECE):
        body += piece
        if len(body) > max_bytes:
            raise FetchRefused("too-large")
    if time.monotonic() >= deadline:
        raise FetchRefused("too-slow")
    if response.length:
        raise FetchRefused("unreachable")  # Broken off before the length it promised.
    return bytes(body)
