"""Badges of other organisations: what their own publications say decides."""

import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from tests.badges.elsewhere import GIVEN, HOST, Academy, Pages, check, outcome, sign_token
from tests.badges.openbadges.samples import png
from wagtail_col.badges.openbadges import did, multibase, proof, revocation, status
from wagtail_col.badges.openbadges.baking import bake_png
from wagtail_col.badges.openbadges.checks import CheckCode
from wagtail_col.badges.openbadges.credential import Subject
from wagtail_col.badges.openbadges.errors import OpenBadgesError, Reason
from wagtail_col.badges.openbadges.recipient import check_recipient
from wagtail_col.badges.openbadges.svg_baking import bake_svg
from wagtail_col.badges.reporting import verification_values
from wagtail_col.badges.verifying import Verdict, verdict

pytestmark = pytest.mark.django_db

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1v1z"/></svg>'


class TestSigned:
    def test_by_did_web(self):
        academy = Academy()
        report = check(academy.signed(), academy.pages)
        assert verdict(report) == Verdict.GENUINE
        assert report.key_host == HOST
        assert (report.summary.issuer_name, report.summary.awarded_at) == (
            "Academy of Welding",
            GIVEN,
        )
        words = verification_values(report)
        assert words["is_elsewhere"] and f"We asked at {HOST}." in str(words["checks"])

    def test_by_did_key_asks_nobody_for_the_key(self):
        academy = Academy(issuer="did:key")
        report = check(academy.signed(status=None), academy.pages)
        assert verdict(report) == Verdict.GENUINE and report.key_host == ""
        assert academy.pages.asked == []

    def test_by_a_web_address(self):
        academy = Academy(issuer=f"https://{HOST}/issuers/1")
        assert verdict(check(academy.signed(), academy.pages)) == Verdict.GENUINE

    def test_with_ecdsa(self):
        academy = Academy(kind="p256")
        document = academy.unsigned(status=None)
        options = {
            "type": "DataIntegrityProof",
            "cryptosuite": proof.ECDSA_CRYPTOSUITE,
            "created": "2026-05-04T10:20:30Z",
            "verificationMethod": academy.method,
            "proofPurpose": "assertionMethod",
        }
        r, s = (
            number.to_bytes(32)
            for number in decode_dss_signature(
                academy.private.sign(proof._hash(document, options), ec.ECDSA(SHA256()))
            )
        )
        document["proof"] = {**options, "proofValue": multibase.encode(r + s)}
        assert verdict(check(document, academy.pages)) == Verdict.GENUINE
        document["name"] = "x"
        assert outcome(check(document, academy.pages)) == (
            Verdict.FALSE,
            Reason.SIGNATURE_WRONG,
        )

    def test_members_that_say_nothing_change_nothing(self):
        academy = Academy()
        document = academy.signed()
        document["evidence"] = []
        document["credentialSubject"]["achievement"]["image"] = None
        report = check(document, academy.pages)
        assert verdict(report) == Verdict.GENUINE
        assert "evidence" not in report.document

    def test_other_documents_of_the_issuer_are_fetched_once(self):
        academy = Academy()
        check(academy.signed(), academy.pages)
        assert sorted(academy.pages.asked) == sorted(set(academy.pages.asked))

    def test_one_of_this_site_asks_nobody(self):
        pages = Pages()
        forged = Academy(issuer="did:web:testserver")
        report = check(forged.signed(), pages)
        assert outcome(report) == (Verdict.FALSE, Reason.KEY_UNKNOWN)
        assert pages.asked == []


class TestWhoseKeyItIs:
    def test_one_that_the_issuer_does_not_publish(self):
        academy, other = Academy(), Academy()
        assert outcome(check(academy.signed(), other.pages)) == (
            Verdict.FALSE,
            Reason.KEY_UNKNOWN,
        )

    def test_one_that_may_not_assert(self):
        academy = Academy()
        url = did.did_document_url(academy.id)
        academy.pages[url] = {**academy.pages[url], "assertionMethod": []}
        assert outcome(check(academy.signed(), academy.pages))[1] == Reason.KEY_UNKNOWN
        del academy.pages[url]["assertionMethod"]
        assert outcome(check(academy.signed(), academy.pages))[1] == Reason.KEY_UNKNOWN

    def test_one_that_was_taken_out_of_use(self):
        academy = Academy()
        url = did.did_document_url(academy.id)
        academy.pages[url]["verificationMethod"][0]["revoked"] = "2026-01-01T00:00:00Z"
        assert verdict(check(academy.signed(), academy.pages)) == Verdict.FALSE

    def test_a_document_about_somebody_else(self):
        academy = Academy()
        url = did.did_document_url(academy.id)
        academy.pages[url] = {**academy.pages[url], "id": "did:web:other.example"}
        assert outcome(check(academy.signed(), academy.pages)) == (
            Verdict.UNKNOWN,
            Reason.KEY_NOT_PUBLISHED,
        )

    @pytest.mark.parametrize("page", [404, 500, "unreachable", "too-slow", "address"])
    def test_nobody_answers(self, page):
        academy = Academy()
        academy.pages[did.did_document_url(academy.id)] = page
        report = check(academy.signed(), academy.pages)
        assert outcome(report) == (Verdict.UNKNOWN, Reason.KEY_UNAVAILABLE)
        assert "Try again later." in verification_values(report)["explanation"]

    @pytest.mark.parametrize("page", [b"<html>", b"[]", b"{", b"\xff"])
    def test_what_answers_is_no_document(self, page):
        academy = Academy()
        academy.pages[did.did_document_url(academy.id)] = page
        assert verdict(check(academy.signed(), academy.pages)) != Verdict.GENUINE

    def test_an_issuer_of_an_unknown_kind(self):
        academy = Academy(issuer="did:ion:abc")
        assert outcome(check(academy.signed(), academy.pages)) == (
            Verdict.UNKNOWN,
            Reason.DID_UNSUPPORTED,
        )

    def test_the_key_of_another(self):
        academy, other = Academy(), Academy("other.example")
        document = other.sign({**other.unsigned(), "issuer": other.unsigned()["issuer"]})
        document["issuer"] = academy.unsigned()["issuer"]
        pages = Pages({**academy.pages, **other.pages})
        assert verdict(check(document, pages)) == Verdict.FALSE


class TestStatus:
    def test_taken_back_and_suspended(self):
        academy = Academy()
        academy.publish(revoked=(77,))
        assert verdict(check(academy.signed(), academy.pages)) == Verdict.TAKEN_BACK
        academy.publish(suspended=(5,))
        entry = status.entry(f"{academy.list_url}/suspended", 5, "suspension")
        assert verdict(check(academy.signed(status=entry), academy.pages)) == Verdict.SUSPENDED

    def test_the_list_of_another(self):
        academy, other = Academy(), Academy("other.example")
        academy.pages[academy.list_url] = {
            **other.pages[other.list_url],
            "id": academy.list_url,
        }
        pages = Pages({**other.pages, **academy.pages})
        assert outcome(check(academy.signed(), pages)) == (
            Verdict.UNKNOWN,
            Reason.STATUS_LIST_WRONG,
        )

    @pytest.mark.parametrize("page", [404, 503, "too-slow"])
    def test_no_list(self, page):
        academy = Academy()
        academy.pages[academy.list_url] = page
        assert outcome(check(academy.signed(), academy.pages)) == (
            Verdict.UNKNOWN,
            Reason.STATUS_UNAVAILABLE,
        )

    def test_a_list_as_a_token(self):
        academy = Academy(kind="p256")
        listed = status.status_list_credential(academy.id, academy.list_url, (3,), valid_from=GIVEN)
        kid = did.token_key_id(academy.id, academy.public)
        academy.pages[academy.list_url] = sign_token(
            listed, {"alg": "ES256", "kid": kid}, academy.private
        )
        entries = [status.entry(academy.list_url, index) for index in (3, 4)]
        found = [verdict(check(academy.token(status=entry), academy.pages)) for entry in entries]
        assert found == [Verdict.TAKEN_BACK, Verdict.GENUINE]

    @pytest.mark.parametrize(
        ("listed", "expected"),
        [
            ([], Verdict.GENUINE),
            ([{"id": "urn:x", "revoked": True}], Verdict.GENUINE),
            ([{"id": f"https://{HOST}/credentials/1", "revoked": False}], Verdict.GENUINE),
            ([{"id": f"https://{HOST}/credentials/1", "revoked": True}], Verdict.TAKEN_BACK),
            ([{"id": f"https://{HOST}/credentials/1"}], Verdict.TAKEN_BACK),
            ([f"https://{HOST}/credentials/1"], Verdict.TAKEN_BACK),
        ],
    )
    def test_1edtechs_list(self, listed, expected):
        academy = Academy()
        academy.pages[academy.revocations_url]["revokedCredential"] = listed
        document = academy.signed(status=revocation.entry(academy.revocations_url))
        assert verdict(check(document, academy.pages)) == expected

    @pytest.mark.parametrize(
        "page", [{"issuer": "did:web:x.example", "revokedCredential": []}, {}, b"x", b"[]"]
    )
    def test_1edtechs_list_that_is_none(self, page):
        academy = Academy()
        academy.pages[academy.revocations_url] = page
        document = academy.signed(status=revocation.entry(academy.revocations_url))
        assert outcome(check(document, academy.pages)) == (
            Verdict.UNKNOWN,
            Reason.STATUS_LIST_WRONG,
        )

    def test_dates(self):
        academy = Academy()
        over = academy.signed(valid_until=GIVEN + timedelta(days=1))
        assert verdict(check(over, academy.pages)) == Verdict.EXPIRED
        early = academy.sign({**academy.unsigned(), "validFrom": "2026-09-01T00:00:00Z"})
        assert verdict(check(early, academy.pages)) == Verdict.NOT_YET


class TestWhoseItIs:
    def test_asked_by_an_address(self):
        academy = Academy()
        document = academy.signed("ana@example.org")
        right = check(document, academy.pages, email="Ana@Example.org")
        wrong = check(document, academy.pages, email="bor@example.org")
        assert (verdict(right), verdict(wrong)) == (Verdict.GENUINE, Verdict.ANOTHERS)
        assert wrong.failure.code == CheckCode.RECIPIENT

    def test_where_none_is_named(self):
        academy = Academy()
        document = academy.signed(subject=Subject(id="urn:uuid:x"))
        report = check(document, academy.pages, email="ana@example.org")
        assert verdict(report) == Verdict.GENUINE
        assert report.check(CheckCode.RECIPIENT).ok is None

    @pytest.mark.parametrize(
        ("identity", "expected"),
        [
            ({"hashed": False, "identityHash": "ANA@example.org"}, True),
            ({"hashed": True, "identityHash": "ana@example.org"}, None),
            ({"hashed": True, "identityHash": "sha1$abc"}, None),
            ({"hashed": True, "identityHash": "sha256$abc", "salt": "x"}, False),
            ({"identityHash": "md5$a27155ae1b6f5ab5a0d0d1ec84a9bd60", "salt": 5}, None),
            ({"identityHash": "sha256$é", "salt": ""}, False),
        ],
    )
    def test_forms_of_an_address(self, identity, expected):
        document = {
            "credentialSubject": {"identifier": [{"identityType": "emailAddress", **identity}]}
        }
        try:
            found = check_recipient(document, ["ana@example.org"])
        except OpenBadgesError:
            assert expected is False
        else:
            assert found == (Reason.OK if expected else None)


class TestForms:
    def test_pictures(self):
        academy = Academy()
        text = json.dumps(academy.signed())
        for picture in (bake_png(png(), text), bake_svg(SVG, text)):
            assert verdict(check(picture, academy.pages)) == Verdict.GENUINE
        signing = Academy(kind="p256")
        for picture in (bake_png(png(), signing.token()), bake_svg(SVG, signing.token())):
            assert verdict(check(picture, signing.pages)) == Verdict.GENUINE

    def test_an_address(self):
        academy = Academy()
        url = f"https://{HOST}/b/1"
        academy.pages[url] = academy.signed()
        assert verdict(check(url, academy.pages)) == Verdict.GENUINE
        academy.pages[url] = bake_png(png(), json.dumps(academy.signed()))
        assert verdict(check(url, academy.pages)) == Verdict.GENUINE

    def test_the_address_of_a_page_about_it(self):
        academy = Academy()
        academy.pages[f"https://{HOST}/b/1.json"] = academy.signed()
        page = '<!doctype html><link rel="alternate" type="application/vc+ld+json" href="1.json">'
        academy.pages[f"https://{HOST}/b/1"] = page
        assert verdict(check(f"https://{HOST}/b/1", academy.pages)) == Verdict.GENUINE
        academy.pages[f"https://{HOST}/b/1"] = "<p>Nothing"
        report = check(f"https://{HOST}/b/1", academy.pages)
        assert outcome(report) == (Verdict.UNREADABLE, Reason.NO_CREDENTIAL)

    def test_addresses_in_a_circle(self):
        url = f"https://{HOST}/b/1"
        pages = Pages({url: url})
        assert verdict(check(url, pages)) == Verdict.UNREADABLE
        assert len(pages.asked) <= 3

    @pytest.mark.parametrize("source", ["http://[", "https://", "https://a b", "eyJ..", "<svg", ""])
    def test_nonsense(self, source):
        for form in (source, source.encode()):
            assert verdict(check(form, Pages())) in (Verdict.UNREADABLE, Verdict.UNKNOWN)

    def test_no_more_than_so_many_documents(self):
        """A badge cannot make this site ask all the world."""
        academy = Academy()
        entries = [status.entry(f"https://{HOST}/lists/{n}", n) for n in range(50)]
        for entry in entries:
            url = entry["statusListCredential"]
            academy.pages[url] = academy.sign(
                status.status_list_credential(academy.id, url, (), valid_from=GIVEN)
            )
        report = check(academy.signed(status=entries), academy.pages)
        assert verdict(report) == Verdict.UNKNOWN
        assert len(academy.pages.asked) <= 16


class TestEndorsements:
    def test_are_listed_with_their_own_signature(self):
        academy, employer = Academy(), Academy("works.example")
        endorsement = employer.sign(
            {
                "@context": academy.unsigned()["@context"],
                "id": "https://works.example/e/1",
                "type": ["VerifiableCredential", "EndorsementCredential"],
                "name": "Endorsement",
                "issuer": {
                    "id": employer.id,
                    "type": ["Profile"],
                    "name": "Works Ltd",
                },
                "validFrom": "2026-05-04T10:20:30Z",
                "credentialSubject": {
                    "id": academy.achievement_id,
                    "type": ["EndorsementSubject"],
                    "endorsementComment": "We hire them.",
                },
            }
        )
        signing = Academy(kind="p256")
        document = signing.unsigned(status=None)
        document["endorsement"] = [endorsement, {**endorsement, "name": "changed"}]
        kid = did.token_key_id(signing.id, signing.public)
        token = sign_token(document, {"alg": "ES256", "kid": kid}, signing.private)
        report = check(token, Pages({**signing.pages, **employer.pages}))
        assert verdict(report) == Verdict.GENUINE
        assert [(e.name, e.comment, e.ok) for e in report.endorsements] == [
            ("Works Ltd", "We hire them.", True),
            ("Works Ltd", "We hire them.", None),
        ]
