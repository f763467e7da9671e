"""The second form of a badge: as a token, with a P-256 key."""

import json
import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.badges.build import badge
from wagtail_col.badges import keys
from wagtail_col.badges.addresses import did_of
from wagtail_col.badges.models import Award, Issuer, KeyKind, SigningKey
from wagtail_col.badges.openbadges import jwt
from wagtail_col.badges.openbadges.did import encode_multikey, multikey_of
from wagtail_col.badges.openbadges.jwk import read_jwk
from wagtail_col.badges.securing import compact
from wagtail_col.badges.verifying import Verdict, verdict, verify_text

pytestmark = pytest.mark.django_db


class TestToken:
    def test_says_what_the_credential_says(self):
        one = badge()
        token = jwt.read(compact(one))
        document = json.loads(one.credential)
        del document["proof"]
        assert jwt.credential_of(token) == document
        assert set(token.header) == {"alg", "typ", "kid", "jwk"}
        assert (token.header["alg"], token.header["typ"]) == ("ES256", "JWT")
        claims = {name: token.payload[name] for name in ("iss", "jti", "sub", "nbf")}
        assert claims == {
            "iss": document["issuer"]["id"],
            "jti": document["id"],
            "sub": document["credentialSubject"]["id"],
            "nbf": int(one.awarded_at.timestamp()),
        }

    def test_is_made_once_and_kept(self, django_assert_num_queries):
        one = badge()
        first = compact(one)
        with django_assert_num_queries(0):
            assert compact(one) == first
        assert Award.objects.get().compact == first
        assert compact(Award.objects.get()) == first

    def test_its_key_is_published_under_both_names(self, client):
        one = badge()
        token = jwt.read(compact(one))
        document = client.get("/.well-known/did.json").json()
        named = {method["id"]: method for method in document["verificationMethod"]}
        method = named[token.kid]
        assert method["type"] == "JsonWebKey" and token.kid in document["assertionMethod"]
        key = read_jwk(method["publicKeyJwk"])
        jwt.check_signature(token, key)
        assert read_jwk(token.header["jwk"]) == key
        multikey = f"{did_of(keys.site_issuer())}#{encode_multikey(key)}"
        assert named[multikey]["type"] == "Multikey" and "#zDn" in multikey

    def test_with_an_end(self):
        from datetime import timedelta

        from django.utils import timezone

        end = (timezone.now() + timedelta(days=9)).replace(microsecond=0)
        assert jwt.read(compact(badge(valid_until=end))).payload["exp"] == int(end.timestamp())


class TestRotation:
    def test_of_both_kinds_or_of_one(self):
        issuer = keys.site_issuer()
        before = {kind: keys.active_key(issuer, kind=kind) for kind in KeyKind}
        out = StringIO()
        call_command("rotate_badge_key", kind="ES256", stdout=out)
        assert keys.active_key(issuer) == before[KeyKind.ED25519]
        assert keys.active_key(issuer, kind=KeyKind.ES256) != before[KeyKind.ES256]
        call_command("rotate_badge_key", stdout=out)
        assert keys.active_key(issuer) != before[KeyKind.ED25519]
        assert out.getvalue().count("(ES256)") == 2 and out.getvalue().count("(Ed25519)") == 1
        assert len(keys.public_keys(issuer)) == 5

    def test_of_a_kind_there_is_not(self):
        with pytest.raises((CommandError, SystemExit)):
            call_command("rotate_badge_key", "--kind", "RS256")

    def test_old_tokens_hold(self):
        one = badge()
        old = compact(one)
        keys.rotate(keys.site_issuer(), kind=KeyKind.ES256)
        assert verdict(verify_text(old)) == Verdict.GENUINE
        assert multikey_of(jwt.read(old).kid) != multikey_of(jwt.read(compact(badge())).kid)

    def test_the_private_half_is_kept_encrypted(self):
        compact(badge())
        key = SigningKey.objects.get(kind=KeyKind.ES256)
        number = keys.private_half(key).private_numbers().private_value
        assert number.to_bytes(32).hex() not in key.private_encrypted
        assert str(number) not in key.private_encrypted

    def test_of_another_issuer(self):
        library = Issuer.objects.create(slug="library", name="Library")
        keys.active_key(library, kind=KeyKind.ES256)
        assert not SigningKey.objects.filter(issuer__slug="").exists()


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_make_one_token():
    one = badge()
    barrier, made = threading.Barrier(10), []

    def ask():
        try:
            award = Award.objects.get(pk=one.pk)
            barrier.wait()
            made.append(compact(award))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 10 and len(set(made)) == 1
    assert SigningKey.objects.filter(kind=KeyKind.ES256).count() == 1
