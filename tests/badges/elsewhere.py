"""Organisations that have nothing to do with this site, and the web on which they publish."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wagtail_col.badges.foreign import Web
from wagtail_col.badges.openbadges import credential, did, jwt, proof, revocation, status
from wagtail_col.badges.openbadges.checks import Report
from wagtail_col.badges.openbadges.errors import Reason
from wagtail_col.badges.openbadges.jwk import write_jwk
from wagtail_col.badges.verifying import Verdict, verdict, verify_anything
from wagtail_col.fetching import Fetched, FetchRefused

GIVEN = datetime(2026, 5, 4, 10, 20, 30, tzinfo=UTC)
NOW = GIVEN + timedelta(days=3)
HOST = "academy.example"
SALT = "deadsea"


def as_bytes(document: dict | str | bytes) -> bytes:
    if isinstance(document, bytes):
        return document
    text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
    return text.encode()


class Pages(dict):
    """Addresses and what stands there: bytes, JSON values, or the number of an error. To be used
    in place of the guarded fetcher; ``asked`` are the addresses that were fetched."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.asked: list[str] = []

    def fetch(self, url: str, *, accept: tuple[str, ...], **kwargs) -> Fetched:
        self.asked.append(url)
        page = self.get(url, 404)
        if isinstance(page, int):
            raise FetchRefused("status", page)
        if isinstance(page, str) and page in ("unreachable", "too-slow", "address"):
            raise FetchRefused(page)
        media_type = "text/html" if as_bytes(page)[:1] == b"<" else "application/json"
        return Fetched(url, 200, media_type, as_bytes(page), {})

    def web(self) -> Web:
        return Web(self.fetch)


class Academy:
    """Signs credentials of Open Badges 3.0; ``pages`` is what its host publishes."""

    def __init__(self, host: str = HOST, *, issuer: str = "", kind: str = "ed25519") -> None:
        self.host = host
        self.site = f"https://{host}"
        p256 = kind == "p256"
        self.private = (
            ec.generate_private_key(ec.SECP256R1()) if p256 else Ed25519PrivateKey.generate()
        )
        self.public = self.private.public_key()
        multikey = did.encode_multikey(self.public)
        self.id = issuer or did.did_web(self.site, "academy")
        if issuer == "did:key":
            self.id = f"did:key:{multikey}"
        self.method = f"{self.id}#{multikey}"
        self.list_url = f"{self.site}/status/1"
        self.revocations_url = f"{self.site}/revocations.json"
        self.achievement_id = f"{self.site}/badges/welding"
        self.pages = Pages()
        self.publish()

    def publish(self, revoked: tuple[int, ...] = (), suspended: tuple[int, ...] = ()) -> None:
        """Put the keys and the lists on the web."""
        document = did.did_document(self.id, [self.public])
        if self.id.startswith("did:web:"):
            self.pages[did.did_document_url(self.id)] = document
        elif not self.id.startswith("did:key:"):
            self.pages[self.id] = document
        if isinstance(self.private, Ed25519PrivateKey):
            for url, indexes, purpose in (
                (self.list_url, revoked, "revocation"),
                (f"{self.list_url}/suspended", suspended, "suspension"),
            ):
                listed = status.status_list_credential(
                    self.id, url, indexes, valid_from=GIVEN, purpose=purpose
                )
                self.pages[url] = self.sign(listed)
        self.pages[self.revocations_url] = revocation.revocation_list(
            self.revocations_url, self.id, ()
        )

    def unsigned(self, email: str = "ana@example.org", **changes) -> dict:
        values = {
            "issuer": credential.Profile(self.id, "Academy of Welding", url=self.site),
            "achievement": credential.AchievementClaim(
                self.achievement_id,
                "Welder «ä» 🔥 <b>",
                "Joins steel & more.",
                "Show three seams.",
            ),
            "subject": credential.Subject(
                id="urn:uuid:0b6ff0b4-3f2c-4d0f-8a5b-7d35d3ad2f6f", email=email, salt=SALT
            ),
            "valid_from": GIVEN,
            "status": status.entry(self.list_url, 77),
        }
        return credential.build(f"{self.site}/credentials/1", **values | changes)

    def sign(self, document: dict) -> dict:
        return proof.sign(document, self.private, self.method, GIVEN)

    def signed(self, email: str = "ana@example.org", **changes) -> dict:
        return self.sign(self.unsigned(email, **changes))

    def token(self, kid: str | None = None, *, with_key: bool = True, **changes) -> str:
        """The same as a token; needs a key on P-256. ``kid``: another name, or none ("")."""
        named = did.token_key_id(self.id, self.public) if kid is None else kid
        document = self.unsigned(**{"status": None, **changes})
        header = {"alg": "ES256", "typ": "JWT"}
        if named:
            header["kid"] = named
        if with_key:
            header["jwk"] = write_jwk(self.public)
        return sign_token(document, header, self.private)


def check(source: str | bytes | dict, pages: Pages, **values) -> Report:
    """The report of a badge, in a web that has these pages alone."""
    if isinstance(source, dict):
        source = json.dumps(source, ensure_ascii=False)
    return verify_anything(source, web=pages.web(), now=NOW, **values)


def outcome(report: Report) -> tuple[Verdict, Reason | None]:
    return verdict(report), report.failure.reason if report.failure else None


def sign_token(
    payload: dict,
    header: dict,
    private: ec.EllipticCurvePrivateKey,
    *,
    claims: dict | None = None,
    payload_part: str = "",
) -> str:
    """A token with whatever header and claims: what careless or wicked others make.

    ``payload_part``: the payload as it is written, in place of ``payload``.
    """
    said = {**payload, **jwt._claims(payload), **(claims or {})}
    signed = f"{jwt._part(header)}.{payload_part or jwt._part(said)}"
    signature = private.sign(signed.encode(), ec.ECDSA(jwt.SHA256()))
    r, s = jwt.decode_dss_signature(signature)
    return f"{signed}.{jwt.encode_base64url(r.to_bytes(32) + s.to_bytes(32))}"
