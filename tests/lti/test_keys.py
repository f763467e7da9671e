"""The keys that sign our messages: made once, kept encrypted, rotated without a gap."""

import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from jwt import PyJWK

from wagtail_col import vault
from wagtail_col.lti import keys
from wagtail_col.lti.models import PlatformKey
from wagtail_col.lti.platform import jwt
from wagtail_col.lti.platform.requirements import Refused

pytestmark = pytest.mark.django_db

OTHER_KEYS = ["another-secret-of-the-tests-bbbbbbbbbbbbbbbbbbbbbbbbb"]


def rotated(settings, secrets):
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "KEYS": secrets}
    keys._loaded.cache_clear()


def published():
    return [jwk["kid"] for jwk in keys.public_jwks()["keys"]]


def later(monkeypatch, **time):
    moment = timezone.now() + timedelta(**time)
    monkeypatch.setattr(timezone, "now", lambda: moment)


def rotate(*options):
    out = StringIO()
    call_command("rotate_lti_key", *options, stdout=out)
    return out.getvalue()


class TestActiveKey:
    def test_is_made_when_it_is_first_needed_and_then_kept(self):
        first, again = keys.active_key(), keys.active_key()
        assert first.kid == again.kid and first.rsa_key is again.rsa_key
        assert first.rsa_key.key_size == 2048
        assert PlatformKey.objects.count() == 1

    def test_costs_one_query(self, django_assert_num_queries):
        keys.active_key()
        with django_assert_num_queries(1):
            keys.active_key()

    def test_is_named_by_its_thumbprint(self):
        """The example of RFC 7638, section 3.1."""
        n = (
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc"
            "_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQ"
            "R0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bF"
            "TWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
        )
        assert keys.thumbprint({"kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256"}) == (
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
        )
        key = keys.active_key()
        assert published() == [key.kid]

    def test_what_it_signs_is_verified_by_what_is_published(self):
        token = jwt.sign({"sub": "a"}, keys.active_key())
        assert jwt.verify(token, keys.public_jwks()) == {"sub": "a"}

    def test_the_database_allows_one_at_a_time(self):
        keys.active_key()
        with pytest.raises(IntegrityError), transaction.atomic():
            keys._new_key()


class TestAtRest:
    def test_the_private_half_of_the_platform_key_is_nowhere_in_the_database(self):
        private = keys.active_key().rsa_key.private_numbers()
        (row,) = PlatformKey.objects.all()
        assert "PRIVATE" not in row.private_encrypted
        assert "PRIVATE" in vault.decrypt(row.private_encrypted).decode()
        assert set(row.public_jwk) == {"kty", "n", "e", "kid", "alg", "use"}
        stored = f"{row.public_jwk}{row.private_encrypted}"
        for number in (private.d, private.p, private.q):
            assert str(number) not in stored and f"{number:x}" not in stored

    def test_a_platform_key_that_cannot_be_read_says_what_to_do(self, settings):
        keys.active_key()
        rotated(settings, OTHER_KEYS)
        with pytest.raises(keys.PlatformKeyUnreadable, match="rotate_lti_key --now"):
            keys.active_key()
        # What is published needs no secret.
        assert len(published()) == 1
        rotate("--now")
        assert keys.active_key().kid == published()[0]

    def test_a_new_secret_in_front_still_reads_the_platform_key(self, settings):
        kid = keys.active_key().kid
        rotated(settings, OTHER_KEYS + settings.WAGTAIL_COL["KEYS"])
        assert keys.active_key().kid == kid


class TestRotation:
    def test_a_new_platform_key_is_published_a_day_before_it_signs(self, monkeypatch):
        old = keys.active_key().kid
        said = rotate()
        (new,) = set(published()) - {old}
        assert new in said and "is published now" in said
        assert keys.active_key().kid == old
        later(monkeypatch, hours=25)
        assert keys.active_key().kid == new
        assert set(published()) == {old, new}

    def test_a_retired_platform_key_stays_published_for_thirty_days(self, monkeypatch):
        old = keys.active_key()
        token = jwt.sign({"sub": "a"}, old)
        rotate()
        later(monkeypatch, days=30, hours=23)
        assert jwt.verify(token, keys.public_jwks())
        later(monkeypatch, hours=2)
        assert old.kid not in published()
        with pytest.raises(Refused):
            jwt.verify(token, keys.public_jwks())

    def test_at_once_the_old_platform_key_stays_published(self):
        old = keys.active_key().kid
        assert "from now on" in rotate("--now")
        new = keys.active_key().kid
        assert new != old and set(published()) == {old, new}

    def test_a_leaked_platform_key_is_forgotten_with_what_it_signed(self):
        old = keys.active_key()
        rotate()
        assert "from now on" in rotate("--leaked")
        new = keys.active_key().kid
        assert published() == [new] and new != old.kid
        with pytest.raises(Refused):
            jwt.verify(jwt.sign({"sub": "a"}, old), keys.public_jwks())

    def test_twice_in_a_day_each_platform_key_has_its_time(self, monkeypatch):
        first = keys.active_key().kid
        rotate()
        later(monkeypatch, hours=12)
        rotate()
        assert len(published()) == 3 and keys.active_key().kid == first
        newest, second, _first = published()
        later(monkeypatch, hours=13)
        assert keys.active_key().kid == second
        later(monkeypatch, hours=12)
        assert keys.active_key().kid == newest

    def test_before_there_is_any_platform_key(self):
        assert rotate("--now").startswith(keys.active_key().kid)
        assert PlatformKey.objects.count() == 1


class TestKeySet:
    def test_is_public_json_that_may_be_kept_for_a_while(self, client):
        response = client.get(reverse("col_lti:jwks"))
        assert response["Content-Type"] == "application/json"
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "public" in response["Cache-Control"] and "max-age=300" in response["Cache-Control"]
        (jwk,) = response.json()["keys"]
        assert (jwk["kty"], jwk["alg"], jwk["use"]) == ("RSA", "RS256", "sig")
        assert jwk["kid"] == keys.active_key().kid
        assert not {"d", "p", "q", "dp", "dq", "qi"} & set(jwk)
        assert PyJWK.from_dict(jwk).key.key_size == 2048
        assert not response.cookies

    def test_is_only_read(self, client):
        assert client.post(reverse("col_lti:jwks")).status_code == 405
        assert client.options(reverse("col_lti:jwks")).status_code == 204


def at_once(number, do):
    barrier, done = threading.Barrier(number), []

    def run():
        try:
            barrier.wait()
            done.append(do())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_make_one_platform_key():
    assert len(set(at_once(10, lambda: keys.active_key().kid))) == 1
    assert PlatformKey.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_rotations_at_once_leave_one_key_that_is_not_retired():
    keys.active_key()
    assert len(at_once(3, lambda: keys.rotate().kid)) == 3
    assert PlatformKey.objects.filter(retired_at=None).count() == 1
