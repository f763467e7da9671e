"""What other organisations publish: fetched for one verification, through the guarded fetcher."""

from __future__ import annotations

import time
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from wagtail_col.badges.openbadges import controllers
from wagtail_col.badges.openbadges.errors import (
    KeyUnknownError,
    OpenBadgesError,
    Reason,
    UnavailableError,
)
from wagtail_col.badges.openbadges.jwk import PublicKey
from wagtail_col.badges.openbadges.strictjson import read_object
from wagtail_col.fetching import Fetched, FetchRefused, fetch, is_private_host

#: For one verification: a badge needs its issuer's keys, a list, and as many for an endorsement.
MOST_DOCUMENTS = 16
#: For all of them together, and for each; seconds and bytes.
SECONDS = 12.0
SECONDS_EACH = 5.0
MAX_BYTES = 1_000_000

_DOCUMENTS = (
    "application/ld+json",
    "application/json",
    "application/vc+ld+json",
    "application/vc",
    "application/did+json",
    "application/did+ld+json",
    "application/jwk-set+json",
    "application/vc+jwt",
    "application/jwt",
    "application/octet-stream",
    "text/plain",
)
_BADGES = (*_DOCUMENTS[:3], "application/vc+jwt", "image/png", "image/svg+xml", *_DOCUMENTS)
#: What a page may offer the badge itself as, the best first.
_ALTERNATES = (
    "application/vc+ld+json",
    "application/vc",
    "application/vc+jwt",
    "application/ld+json",
    "application/json",
)

Fetch = Callable[..., Fetched]


class Web:
    """Answers what a verification asks for; each document is fetched once.

    A document that is refused is an ``UnavailableError`` whose ``why`` is the fetcher's code.
    """

    def __init__(self, fetch: Fetch = fetch) -> None:
        self._fetch = fetch
        self._deadline = time.monotonic() + SECONDS
        self._fetched: dict[str, bytes | UnavailableError] = {}

    def text(self, url: str, code: Reason) -> bytes:
        """The document at ``url``; ``code`` says what it is needed for when it cannot be had."""
        known = self._fetched.get(url)
        if known is None:
            try:
                found = self._get(url, code, _DOCUMENTS)
                # What an issuer's site only leads to is somebody else's word.
                if not controllers.is_same_origin(found.url, url):
                    raise UnavailableError(url, code, why="elsewhere")
                known = found.body
            except UnavailableError as error:
                known = error
            self._fetched[url] = known
        if isinstance(known, UnavailableError):
            raise UnavailableError(
                url, code, status=known.status, why=str(known.data.get("why", ""))
            ) from known
        return known

    def badge(self, url: str) -> bytes:
        """What stands at an address that somebody gave: a badge, or what a page names as one."""
        code = Reason.ADDRESS_UNAVAILABLE
        found = self._get(url, code, (*dict.fromkeys(_BADGES), "text/html"))
        if found.media_type != "text/html":
            return found.body
        alternate = _alternate(found)
        if not alternate:
            raise UnavailableError(url, Reason.NO_CREDENTIAL)
        return self._get(alternate, code, tuple(dict.fromkeys(_BADGES))).body

    def key(self, method: str) -> PublicKey:
        """The key behind the name of one. Raises ``OpenBadgesError``."""
        url = controllers.document_url(method)
        if url is None:
            return controllers.key_of_did_key(method)
        return controllers.key_in(self._document(url), method)

    def keys(self, issuer: str) -> list[PublicKey]:
        """All keys that an issuer publishes. Raises ``OpenBadgesError``."""
        url = controllers.document_url(issuer)
        if url is None:
            return [controllers.key_of_did_key(issuer)]
        return controllers.keys_of(self._document(url), issuer)

    def status_list(self, url: str) -> bytes:
        return self.text(url, Reason.STATUS_UNAVAILABLE)

    def _document(self, url: str) -> dict:
        source = self.text(url, Reason.KEY_UNAVAILABLE)
        try:
            return read_object(source, max_bytes=MAX_BYTES)
        except OpenBadgesError as error:
            raise KeyUnknownError(url) from error

    def _get(self, url: str, code: Reason, accept: tuple[str, ...]) -> Fetched:
        seconds = min(SECONDS_EACH, self._deadline - time.monotonic())
        if seconds <= 0 or len(self._fetched) >= MOST_DOCUMENTS:
            raise UnavailableError(url, code, why="too-slow")
        try:
            return self._fetch(_with_tls(url), accept=accept, max_bytes=MAX_BYTES, seconds=seconds)
        except FetchRefused as error:
            raise UnavailableError(url, code, status=error.status, why=error.short) from error


def _with_tls(url: str) -> str:
    """Identifiers from before every site had TLS begin with http; nothing is fetched without it."""
    try:
        parts = urlsplit(url)
        plain = parts.scheme == "http" and not is_private_host(parts)
    except ValueError:
        return url
    return parts._replace(scheme="https").geturl() if plain else url


def _alternate(page: Fetched) -> str:
    """The address of the badge that a page is about; "" when it names none."""
    reader = _Links()
    reader.feed(page.body.decode("utf-8", "replace"))
    for media_type in _ALTERNATES:
        if media_type in reader.found:
            return urljoin(page.url, reader.found[media_type])
    return ""


class _Links(HTMLParser):
    """Collects ``<link rel="alternate" type=… href=…>``, the first of each type."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "link" and "alternate" in (values.get("rel") or "").lower().split():
            self.found.setdefault((values.get("type") or "").lower(), values.get("href") or "")
