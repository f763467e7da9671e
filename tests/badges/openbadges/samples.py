"""An issuer with a key, a status list and credentials, all in memory."""

import io
import json
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from wagtail_col.badges.openbadges import credential, did, proof, status
from wagtail_col.badges.openbadges.errors import KeyUnknownError, StatusUnavailableError
from wagtail_col.badges.openbadges.verification import Report, verify

AWARDED = datetime(2026, 5, 4, 10, 20, 30, tzinfo=UTC)
NOW = AWARDED + timedelta(days=3)
SITE = "https://city.example:8443"
LIST = f"{SITE}/status/1"


def compact(document: dict) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def png(width: int = 3, height: int = 3) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(buffer, "PNG")
    return buffer.getvalue()


def achievement(**changes) -> credential.AchievementClaim:
    values = {
        "id": f"{SITE}/achievements/7",
        "name": "Río limpio",
        "description": "Knows how to measure the water of a river.\nTwo “tests”, one \\ report.",
        "criteria": "Take part in three measurements\tand write down what you saw.",
        "criteria_id": f"{SITE}/achievements/7#criteria",
        "image": f"{SITE}/achievements/7.png",
        "alignments": (
            credential.Alignment("water sampling", "http://data.europa.eu/esco/skill/1", "ESCO"),
            credential.Alignment("team work", "http://data.europa.eu/esco/skill/2", "ESCO"),
        ),
        "tags": ("water", "río"),
        "language": "es",
        "other_languages": (("en", f"{SITE}/en/achievements/7"),),
    }
    return credential.AchievementClaim(**values | changes)


class Issuer:
    def __init__(self, path: str = "madrid"):
        self.private_key = Ed25519PrivateKey.generate()
        self.public_key = self.private_key.public_key()
        self.did = did.did_web(SITE, "issuers", path)
        self.method = did.verification_method(self.did, self.public_key)
        self.profile = credential.Profile(
            self.did, "Madrid ☀", url=SITE, email="badges@city.example", image=f"{SITE}/logo.png"
        )
        self.revoked: set[int] = set()

    def unsigned(self, **changes) -> dict:
        values = {
            "credential_id": f"{SITE}/credentials/1",
            "issuer": self.profile,
            "achievement": achievement(),
            "subject": credential.Subject(
                id="urn:uuid:0b6ff0b4-3f2c-4d0f-8a5b-7d35d3ad2f6f",
                email="learner@city.example",
                salt="Kosher",
            ),
            "valid_from": AWARDED,
            "valid_until": AWARDED + timedelta(days=365),
            "evidence": (
                credential.EvidenceItem("Measured on 3 May; the organiser's code was typed in."),
                credential.EvidenceItem(
                    "Wrote the report.", name="Report", id=f"{SITE}/evidence/2"
                ),
            ),
            "status": status.entry(LIST, 94_567),
        }
        return credential.build(**values | changes)

    def sign(self, document: dict) -> dict:
        return proof.sign(document, self.private_key, self.method, AWARDED)

    def signed(self, **changes) -> dict:
        return self.sign(self.unsigned(**changes))

    def status_list(self, **changes) -> dict:
        values = {"valid_from": AWARDED, **changes}
        return self.sign(
            status.status_list_credential(
                values.pop("issuer_did", self.did),
                values.pop("list_url", LIST),
                self.revoked,
                **values,
            )
        )

    def resolve_key(self, method: str):
        if method != self.method:
            raise KeyUnknownError(method)
        return self.public_key

    def resolve_status_list(self, url: str) -> dict:
        if url != LIST:
            raise StatusUnavailableError(url)
        return self.status_list()

    def verify(self, source, **changes) -> Report:
        values = {
            "resolve_key": self.resolve_key,
            "resolve_status_list": self.resolve_status_list,
            "now": NOW,
        }
        if isinstance(source, dict):
            source = compact(source)
        return verify(source, **values | changes)

    def did_document(self) -> dict:
        return did.did_document(self.did, [self.public_key])
