"""Badges of other organisations as tokens: whose key it is, and what the claims say."""

import pytest

from tests.badges.elsewhere import GIVEN, HOST, Academy, Pages, check, outcome, sign_token
from wagtail_col.badges.openbadges import did
from wagtail_col.badges.openbadges.errors import Reason
from wagtail_col.badges.openbadges.jwk import write_jwk
from wagtail_col.badges.verifying import Verdict, verdict

pytestmark = pytest.mark.django_db


class TestTokens:
    @pytest.fixture
    def academy(self):
        return Academy(kind="p256")

    @pytest.mark.parametrize("with_key", [True, False])
    def test_by_the_name_of_a_key(self, academy, with_key):
        report = check(academy.token(with_key=with_key), academy.pages)
        assert verdict(report) == Verdict.GENUINE and report.key_host == HOST

    def test_by_a_short_name(self, academy):
        kid = did.token_key_id(academy.id, academy.public).partition("#")[2]
        for short in (kid, f"#{kid}"):
            assert verdict(check(academy.token(short), academy.pages)) == Verdict.GENUINE

    def test_by_a_key_inside_that_the_issuer_publishes(self, academy):
        assert verdict(check(academy.token(""), academy.pages)) == Verdict.GENUINE

    def test_by_a_key_inside_that_the_issuer_does_not_publish(self, academy):
        other = Academy(kind="p256")
        assert outcome(check(academy.token(""), other.pages)) == (
            Verdict.UNKNOWN,
            Reason.KEY_NOT_PUBLISHED,
        )

    def test_without_any_key(self, academy):
        token = academy.token("", with_key=False)
        assert outcome(check(token, academy.pages)) == (Verdict.FALSE, Reason.BAD_PROOF)

    def test_by_the_key_of_another(self, academy):
        other = Academy("other.example", kind="p256")
        kid = did.token_key_id(other.id, other.public)
        token = sign_token(
            academy.unsigned(status=None), {"alg": "ES256", "kid": kid}, other.private
        )
        pages = Pages({**academy.pages, **other.pages})
        assert outcome(check(token, pages)) == (Verdict.FALSE, Reason.NOT_OF_ISSUER)
        # Nobody is asked whom the issuer is not.
        assert pages.asked == []

    @pytest.mark.parametrize("form", ["jwk", "set", "set-by-fragment"])
    def test_of_an_issuer_at_a_web_address(self, form):
        academy = Academy(issuer=f"https://{HOST}/issuers/1", kind="p256")
        kid, key = f"https://{HOST}/keys", write_jwk(academy.public)
        page = key if form == "jwk" else {"keys": [{**key, "kid": "k1"}, {"kty": "oct"}]}
        academy.pages[kid] = page
        if form != "jwk":
            kid += "#k1"
        assert verdict(check(academy.token(kid), academy.pages)) == Verdict.GENUINE

    @pytest.mark.parametrize("host", ["evil.example", f"{HOST}.evil.example", f"a.{HOST}"])
    def test_a_web_address_at_another_host(self, host):
        academy = Academy(issuer=f"https://{HOST}/issuers/1", kind="p256")
        kid = f"https://{host}/keys"
        academy.pages[kid] = write_jwk(academy.public)
        report = check(academy.token(kid), academy.pages)
        assert outcome(report) == (Verdict.FALSE, Reason.NOT_OF_ISSUER)
        assert academy.pages.asked == []

    @pytest.mark.parametrize(
        "header",
        [
            {"alg": "none"},
            {"alg": "HS256"},
            {"alg": "ES384"},
            {"alg": "RS256"},
            {"alg": "EdDSA"},
            {"alg": ["ES256"]},
            {},
            {"alg": "ES256", "crit": ["b64"], "b64": False},
        ],
        ids=str,
    )
    def test_another_algorithm(self, academy, header):
        kid = did.token_key_id(academy.id, academy.public)
        token = sign_token(academy.unsigned(status=None), {**header, "kid": kid}, academy.private)
        assert verdict(check(token, academy.pages)) in (Verdict.UNKNOWN, Verdict.FALSE)

    @pytest.mark.parametrize("name", ["iss", "jti", "sub", "nbf", "exp"])
    def test_a_claim_that_says_something_else(self, academy, name):
        claims = {"iss": "did:web:x.example", "jti": "urn:x", "sub": "urn:x", "nbf": 1, "exp": 2e9}
        kid = did.token_key_id(academy.id, academy.public)
        token = sign_token(
            academy.unsigned(status=None),
            {"alg": "ES256", "kid": kid},
            academy.private,
            claims={name: claims[name]},
        )
        assert outcome(check(token, academy.pages)) == (Verdict.FALSE, Reason.CLAIM_DIFFERS)

    def test_one_of_the_older_data_model(self, academy):
        inner = academy.unsigned(status=None)
        inner["@context"] = ["https://www.w3.org/2018/credentials/v1"]
        inner["issuanceDate"] = inner.pop("validFrom")
        kid = did.token_key_id(academy.id, academy.public)
        token = sign_token({"vc": inner}, {"alg": "ES256", "kid": kid}, academy.private)
        report = check(token, academy.pages)
        assert verdict(report) == Verdict.GENUINE
        assert report.summary.awarded_at == GIVEN

    def test_more_lists_than_a_badge_needs_are_not_looked_at(self, academy):
        """A list costs a tenth of a second and takes a line in the badge."""
        document = academy.unsigned()
        document["credentialStatus"] = [document["credentialStatus"]] * 500
        method = did.token_key_id(academy.id, academy.public)
        token = sign_token(document, {"alg": "ES256", "kid": method}, academy.private)
        report = check(token, academy.pages)
        assert report.failure.reason == Reason.TOO_COMPLEX
        assert verdict(report) == Verdict.UNKNOWN
        assert academy.list_url not in academy.pages.asked
