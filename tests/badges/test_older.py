"""Open Badges 2.0 of other organisations: hosted and signed, and what is tried with them."""

import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.badges.elsewhere import Pages, check, outcome
from wagtail_col.badges.openbadges import jwt
from wagtail_col.badges.openbadges.errors import Reason
from wagtail_col.badges.verifying import Verdict, verdict

pytestmark = pytest.mark.django_db

V2 = "https://w3id.org/openbadges/v2"
SITE, EVIL = "https://school.example", "https://evil.example"
EMAIL = "ana@example.org"


class School:
    def __init__(self, site: str = SITE) -> None:
        self.site = site
        self.private = rsa.generate_private_key(65537, 2048)
        self.assertion = {
            "@context": V2,
            "type": "Assertion",
            "id": f"{site}/a/1",
            "recipient": {
                "type": "email",
                "hashed": True,
                "salt": "s",
                "identity": "sha256$" + hashlib.sha256(f"{EMAIL}s".encode()).hexdigest(),
            },
            "issuedOn": "2026-05-01T10:00:00Z",
            "badge": f"{site}/b/1",
            "verification": {"type": "HostedBadge"},
        }
        self.badge = {
            "@context": V2,
            "type": "BadgeClass",
            "id": f"{site}/b/1",
            "name": "Potter",
            "description": "Throws pots.",
            "criteria": {"narrative": "Throw ten."},
            "issuer": f"{site}/i",
        }
        self.issuer = {
            "@context": V2,
            "type": "Issuer",
            "id": f"{site}/i",
            "name": "School of Clay",
            "url": site,
            "publicKey": f"{site}/key",
            "revocationList": f"{site}/revoked",
        }
        self.key = {
            "@context": V2,
            "type": "CryptographicKey",
            "id": f"{site}/key",
            "owner": f"{site}/i",
            "publicKeyPem": self.private.public_key()
            .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            .decode(),
        }
        self.revoked = {"@context": V2, "type": "RevocationList", "revokedAssertions": []}

    @property
    def pages(self) -> Pages:
        return Pages(
            {
                f"{self.site}/a/1": self.assertion,
                f"{self.site}/b/1": self.badge,
                f"{self.site}/i": self.issuer,
                f"{self.site}/key": self.key,
                f"{self.site}/revoked": self.revoked,
            }
        )

    def token(self, **header) -> str:
        document = {
            **self.assertion,
            "verification": {"type": "SignedBadge", "creator": f"{self.site}/key"},
        }
        signed = f"{jwt._part({'alg': 'RS256', **header})}.{jwt._part(document)}"
        signature = self.private.sign(signed.encode(), padding.PKCS1v15(), SHA256())
        return f"{signed}.{jwt.encode_base64url(signature)}"


@pytest.fixture
def school():
    return School()


class TestHosted:
    def test_holds(self, school):
        report = check(school.assertion, school.pages, email=EMAIL)
        assert verdict(report) == Verdict.GENUINE
        said = report.summary
        assert (said.name, said.issuer_name, said.criteria) == (
            "Potter",
            "School of Clay",
            "Throw ten.",
        )
        assert verdict(check(school.assertion, school.pages, email="x@y.si")) == Verdict.ANOTHERS

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("recipient", {"type": "email", "hashed": False, "identity": "bor@example.org"}),
            ("issuedOn", "2025-05-01T10:00:00Z"),
            ("expires", "2099-01-01T00:00:00Z"),
            ("badge", f"{EVIL}/b/1"),
        ],
    )
    def test_what_was_handed_over_says_something_else(self, school, name, value):
        changed = {**school.assertion, name: value}
        assert outcome(check(changed, school.pages)) == (Verdict.FALSE, Reason.PUBLISHED_DIFFERS)

    def test_what_is_published_counts_for_the_rest(self, school):
        changed = {**school.assertion, "narrative": "Best of all"}
        assert check(changed, school.pages).summary.narrative == ""

    @pytest.mark.parametrize(
        ("page", "expected"),
        [
            (404, (Verdict.FALSE, Reason.NOT_PUBLISHED)),
            (410, (Verdict.TAKEN_BACK, Reason.REVOKED)),
            (500, (Verdict.UNKNOWN, Reason.ADDRESS_UNAVAILABLE)),
            ("too-slow", (Verdict.UNKNOWN, Reason.ADDRESS_UNAVAILABLE)),
            (b"<html>", (Verdict.UNKNOWN, Reason.ADDRESS_UNAVAILABLE)),
            (
                {"@context": V2, "id": f"{SITE}/a/1", "revoked": True, "revocationReason": "Cheat"},
                (Verdict.TAKEN_BACK, Reason.REVOKED),
            ),
        ],
        ids=range(6),
    )
    def test_what_its_address_answers(self, school, page, expected):
        pages = school.pages
        pages[f"{SITE}/a/1"] = page
        assert outcome(check(school.assertion, pages)) == expected

    def test_at_an_address_that_is_not_the_issuers(self, school):
        """A forger hosts an assertion of the school's badge at their own address."""
        forged = {**school.assertion, "id": f"{EVIL}/a/1"}
        pages = school.pages
        pages[f"{EVIL}/a/1"] = forged
        assert outcome(check(forged, pages)) == (Verdict.FALSE, Reason.OUTSIDE_SCOPE)

    def test_with_a_badge_and_an_issuer_written_inside(self, school):
        """What stands inside was written by the forger: the addresses it names are asked."""
        issuer = {**school.issuer, "verification": {"allowedOrigins": "evil.example"}}
        badge = {**school.badge, "issuer": issuer}
        forged = {**school.assertion, "id": f"{EVIL}/a/1", "badge": badge}
        pages = school.pages
        pages[f"{EVIL}/a/1"] = forged
        assert outcome(check(forged, pages)) == (Verdict.FALSE, Reason.OUTSIDE_SCOPE)
        forged["badge"] = {**badge, "id": "_:b0"}
        assert outcome(check(forged, pages)) == (Verdict.FALSE, Reason.WRONG_MEMBER)

    def test_with_a_document_that_says_it_is_at_the_schools_address(self, school):
        """A forger's badge class at their address names the school's address as its id."""
        pages = school.pages
        pages[f"{EVIL}/b"] = {**school.badge, "name": "Doctor", "issuer": f"{EVIL}/i"}
        forged = {**school.assertion, "id": f"{EVIL}/a/1", "badge": f"{EVIL}/b"}
        pages[f"{EVIL}/a/1"] = forged
        report = check(forged, pages)
        assert outcome(report) == (Verdict.FALSE, Reason.OUTSIDE_SCOPE)
        assert report.summary.name == "Potter"

    @pytest.mark.parametrize(
        ("verification", "holds"),
        [
            ({"startsWith": "https://school.example"}, True),
            ({"startsWith": "https://school.exampl"}, False),
            ({"startsWith": "https://school.example/a/"}, True),
            ({"startsWith": []}, True),
            ({"allowedOrigins": ["SCHOOL.example"]}, True),
            ({"allowedOrigins": "https://school.example"}, True),
            ({"allowedOrigins": "other.example"}, False),
            ({"allowedOrigins": "school.example", "startsWith": "https://school.example/x"}, False),
            ("nonsense", True),
        ],
        ids=range(9),
    )
    def test_scope(self, school, verification, holds):
        school.issuer["verification"] = verification
        found = verdict(check(school.assertion, school.pages))
        assert found == (Verdict.GENUINE if holds else Verdict.FALSE)

    def test_in_the_scheme_of_old_times(self, school):
        pages = school.pages
        old = {**school.assertion, "id": "http://school.example/a/1"}
        pages[f"{SITE}/a/1"] = old
        assert verdict(check(old, pages)) == Verdict.GENUINE
        assert all(url.startswith("https://") for url in pages.asked)


class TestSigned:
    def test_holds(self, school):
        assert verdict(check(school.token(), school.pages)) == Verdict.GENUINE

    def test_changed(self, school):
        header, payload, signature = school.token().split(".")
        document = json.loads(jwt.decode_base64url(payload))
        document["issuedOn"] = "2020-01-01T00:00:00Z"
        changed = f"{header}.{jwt._part(document)}.{signature}"
        assert outcome(check(changed, school.pages)) == (Verdict.FALSE, Reason.SIGNATURE_WRONG)

    @pytest.mark.parametrize("algorithm", ["none", "HS256", "ES256", "RS512", ""])
    def test_another_algorithm(self, school, algorithm):
        found = verdict(check(school.token(alg=algorithm), school.pages))
        assert found in (Verdict.UNKNOWN, Verdict.FALSE)

    def test_the_key_of_somebody_else(self, school):
        forger = School(EVIL)
        forger.assertion = {**forger.assertion, "badge": f"{SITE}/b/1"}
        pages = Pages({**school.pages, **forger.pages})
        assert outcome(check(forger.token(), pages)) == (Verdict.FALSE, Reason.NOT_OF_ISSUER)

    def test_a_key_that_says_it_is_the_schools(self, school):
        school.issuer["publicKey"] = [f"{SITE}/key", f"{EVIL}/key"]
        school.key["owner"] = f"{EVIL}/i"
        assert outcome(check(school.token(), school.pages))[1] == Reason.NOT_OF_ISSUER

    @pytest.mark.parametrize(
        "entry", [f"{SITE}/a/1", {"id": f"{SITE}/a/1", "revocationReason": "Cheat"}]
    )
    def test_taken_back(self, school, entry):
        school.revoked["revokedAssertions"] = [entry]
        assert outcome(check(school.token(), school.pages)) == (
            Verdict.TAKEN_BACK,
            Reason.REVOKED,
        )

    def test_no_list(self, school):
        pages = school.pages
        pages[f"{SITE}/revoked"] = 500
        assert outcome(check(school.token(), pages)) == (
            Verdict.UNKNOWN,
            Reason.STATUS_UNAVAILABLE,
        )

    def test_without_its_signature(self, school):
        document = {**school.assertion, "verification": {"type": "SignedBadge"}}
        assert outcome(check(document, school.pages)) == (Verdict.FALSE, Reason.NO_PROOF)


@pytest.mark.parametrize("name", ["id", "recipient", "issuedOn", "badge", "verification", "type"])
def test_every_part_is_needed(school, name):
    document = {key: value for key, value in school.assertion.items() if key != name}
    found, reason = outcome(check(document, school.pages))
    assert found != Verdict.GENUINE and reason in (Reason.MISSING_MEMBER, Reason.WRONG_MEMBER)


@pytest.mark.parametrize("where", ["badge", "issuer"])
def test_what_it_refers_to_is_of_another_kind(school, where):
    getattr(school, where)["type"] = "Criteria"
    assert outcome(check(school.assertion, school.pages)) == (Verdict.FALSE, Reason.WRONG_MEMBER)
