import json
import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from wagtail.models import Site

from tests.factories import AchievementFactory
from wagtail_col import vault
from wagtail_col.badges import keys
from wagtail_col.badges.addresses import did_of
from wagtail_col.badges.keys import SigningKeyUnreadable
from wagtail_col.badges.models import Award, Issuer, SigningKey
from wagtail_col.badges.openbadges.did import did_document_url, encode_multikey
from wagtail_col.badges.verifying import verify_text

from .build import badge

pytestmark = pytest.mark.django_db

OTHER_KEYS = ["another-secret-of-the-tests-bbbbbbbbbbbbbbbbbbbbbbbbb"]


def rotated(settings, secrets):
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "KEYS": secrets}


class TestIssuer:
    def test_is_the_site_where_an_achievement_names_none(self, settings):
        settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "ISSUER_NAME": "City of Madrid"}
        issuer = keys.issuer_of(AchievementFactory())
        assert (issuer.slug, issuer.name) == ("", "City of Madrid")
        assert did_of(issuer) == "did:web:testserver"
        assert keys.issuer_of(AchievementFactory()) == issuer

    def test_is_called_as_the_site_is(self):
        Site.objects.filter(is_default_site=True).update(site_name="Ayuntamiento")
        assert keys.site_issuer().name == "Ayuntamiento"

    def test_keeps_the_name_an_editor_gave_it(self, settings):
        Issuer.objects.create(slug="", name="The city")
        settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "ISSUER_NAME": "Other"}
        assert keys.site_issuer().name == "The city"

    def test_another_one_lives_below_a_path(self, settings):
        settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "BASE_URL": "https://learn.example:8443"}
        issuer = Issuer.objects.create(slug="library", name="Library")
        did = did_of(issuer)
        assert did == "did:web:learn.example%3A8443:col:badges:issuers:library"
        assert did_document_url(did) == (
            "https://learn.example:8443/col/badges/issuers/library/did.json"
        )


class TestAtRest:
    def test_the_private_half_is_nowhere_in_the_database(self):
        badge()
        private = keys.private_half(SigningKey.objects.get()).private_bytes_raw()
        forms = {private.hex(), private.hex().upper(), repr(private)}
        forms |= {vault.base64.b64encode(private).decode().rstrip("=")}
        forms |= {vault.base64.urlsafe_b64encode(private).decode().rstrip("=")}
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                for row in cursor.fetchall():
                    for value in row:
                        if isinstance(value, memoryview | bytes):
                            assert private not in bytes(value)
                        assert not any(form in str(value) for form in forms)

    def test_it_cannot_be_read_without_the_secret_and_the_message_says_so(self, settings):
        old = badge()
        rotated(settings, OTHER_KEYS)
        with pytest.raises(SigningKeyUnreadable, match="rotate_badge_key"):
            badge()
        assert Award.objects.count() == 1
        # Verifying needs no secret.
        assert verify_text(old.credential).ok

    def test_a_new_secret_in_front_still_reads_it(self, settings):
        badge()
        rotated(settings, OTHER_KEYS + settings.WAGTAIL_COL["KEYS"])
        assert verify_text(badge().credential).ok


class TestRotation:
    def test_old_badges_hold_and_new_ones_have_the_new_key(self):
        old = badge()
        out = StringIO()
        call_command("rotate_badge_key", stdout=out)
        new = badge()
        used = [
            json.loads(given.credential)["proof"][0]["verificationMethod"] for given in (old, new)
        ]
        assert used[0] != used[1]
        assert used[1].partition("#")[2] in out.getvalue()
        assert verify_text(old.credential).ok and verify_text(new.credential).ok
        published = [encode_multikey(key) for key in keys.public_keys(keys.site_issuer())]
        assert [key for key in published if key.startswith("z6Mk")] == [
            method.partition("#")[2] for method in reversed(used)
        ]

    def test_works_when_the_secret_is_lost(self, settings):
        old = badge()
        rotated(settings, OTHER_KEYS)
        call_command("rotate_badge_key", stdout=StringIO())
        assert verify_text(badge().credential).ok and verify_text(old.credential).ok

    def test_of_one_issuer_leaves_the_others(self):
        library = Issuer.objects.create(slug="library", name="Library")
        site = keys.active_key(keys.site_issuer())
        key = keys.active_key(library)
        call_command("rotate_badge_key", "library", stdout=StringIO())
        assert keys.active_key(keys.site_issuer()) == site
        assert keys.active_key(library) != key
        key.refresh_from_db()
        assert timezone.now() - key.retired_at < timedelta(minutes=1)

    def test_of_an_issuer_that_is_none(self):
        with pytest.raises(CommandError, match="libary"):
            call_command("rotate_badge_key", "libary")

    def test_the_database_allows_one_active_key(self):
        issuer = keys.site_issuer()
        keys.active_key(issuer)
        with pytest.raises(IntegrityError), transaction.atomic():
            keys._new_key(issuer)


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_make_one_key():
    issuer = keys.site_issuer()
    barrier, made = threading.Barrier(10), []

    def ask():
        try:
            barrier.wait()
            made.append(keys.active_key(issuer).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 10 and len(set(made)) == 1
    assert SigningKey.objects.count() == 1
