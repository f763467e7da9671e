import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier

from tests.badges.elsewhere import Pages
from tests.badges.openbadges.samples import Issuer as Stranger
from tests.badges.openbadges.samples import compact, png
from tests.factories import AchievementFactory, UserFactory
from wagtail_col.badges import keys, pacing, pictures, sharing
from wagtail_col.badges.awarding import resume, revoke, suspend
from wagtail_col.badges.models import Issuer, KeyKind, StatusForm, StatusList
from wagtail_col.badges.openbadges.baking import bake_png
from wagtail_col.badges.openbadges.errors import Reason
from wagtail_col.badges.openbadges.svg_baking import bake_svg
from wagtail_col.badges.openbadges.verification import Check, CheckCode
from wagtail_col.badges.reporting import verification_values
from wagtail_col.badges.securing import compact as as_token
from wagtail_col.badges.verifying import Verdict, verdict, verify_anything, verify_text
from wagtail_col.badges.wording import VERDICTS, reason_in_words

from .build import badge

pytestmark = pytest.mark.django_db


class TestVerdict:
    def test_genuine(self):
        report = verify_text(badge().credential)
        assert report.ok and verdict(report) == Verdict.GENUINE

    def test_from_a_picture(self):
        assert verdict(verify_anything(pictures.baked_png(badge()))) == Verdict.GENUINE

    def test_taken_back_weighs_more_than_out_of_date(self):
        end = timezone.now() + timedelta(days=1)
        one = badge(valid_until=end)
        later = end + timedelta(days=1)
        assert verdict(verify_text(one.credential, now=later)) == Verdict.EXPIRED
        revoke(one, "x")
        assert verdict(verify_text(one.credential, now=later)) == Verdict.TAKEN_BACK

    def test_before_its_time(self):
        report = verify_text(badge().credential, now=timezone.now() - timedelta(days=1))
        # The signature is dated then, too.
        assert not report.ok
        assert report.failure.reason in (Reason.PROOF_NOT_YET, Reason.NOT_YET_VALID)

    def test_the_list_is_gone(self):
        one = badge()
        StatusList.objects.update(credential="")
        assert verdict(verify_text(one.credential)) == Verdict.UNKNOWN

    def test_the_list_was_tampered_with(self):
        one, other = badge(), badge()
        revoke(one, "x")
        listed = StatusList.objects.get()
        clean = json.loads(listed.credential)
        fresh = badge(achievement=other.achievement)
        clean["credentialSubject"]["encodedList"] = clean["credentialSubject"]["encodedList"][:-4]
        listed.credential = json.dumps(clean)
        listed.save()
        report = verify_text(fresh.credential)
        assert report.failure.reason == Reason.STATUS_LIST_WRONG
        assert verdict(report) == Verdict.FALSE

    @pytest.mark.parametrize(
        "text", ["", "hello", "[]", "{}", "eyJhbGciOiJSUzI1NiJ9.e30.AA", "\x00"]
    )
    def test_no_badge(self, text):
        assert verdict(verify_text(text)) == Verdict.UNREADABLE

    @pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xfe", png()])
    def test_no_badge_file(self, data):
        assert verdict(verify_anything(data)) == Verdict.UNREADABLE


class TestForms:
    def test_as_a_token_and_in_pictures(self):
        one = badge()
        svg = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1v1z"/></svg>'
        for source in (
            as_token(one),
            bake_png(png(), as_token(one)),
            bake_svg(svg, as_token(one)),
            bake_svg(svg, one.credential),
            bake_png(png(), one.credential),
        ):
            report = verify_anything(source, web=Pages().web())
            assert verdict(report) == Verdict.GENUINE
            assert report.summary.name == "Explorer"

    def test_whose_it_is(self):
        one = badge(UserFactory(email="Ana@example.org"))
        for source in (one.credential, as_token(one)):
            for email, expected in (
                ("ana@example.org", Verdict.GENUINE),
                (" ANA@example.org", Verdict.GENUINE),
                ("bor@example.org", Verdict.ANOTHERS),
            ):
                assert verdict(verify_anything(source, email=email)) == expected


class TestSuspended:
    def test_is_told_from_taken_back(self):
        one = badge()
        suspend(one, "Under review")
        for source in (one.credential, as_token(one)):
            assert verdict(verify_text(source)) == Verdict.SUSPENDED
        resume(one)
        assert verdict(verify_text(one.credential)) == Verdict.GENUINE
        revoke(one, "x")
        assert verdict(verify_text(one.credential)) == Verdict.TAKEN_BACK

    def test_with_a_list_of_its_own(self):
        issuer = keys.site_issuer()
        issuer.status_form = StatusForm.TWO_LISTS
        issuer.save()
        one = badge()
        suspend(one, "Under review")
        assert verdict(verify_text(one.credential)) == Verdict.SUSPENDED
        resume(one)
        assert verdict(verify_text(one.credential)) == Verdict.GENUINE


class TestPretending:
    def test_who_pretends_to_be_this_site_is_called_false(self):
        one = json.loads(badge().credential)
        stranger = Stranger()
        stranger.did = one["issuer"]["id"]
        stranger.method = f"{stranger.did}#{stranger.method.partition('#')[2]}"
        del one["proof"]
        report = verify_text(compact(stranger.sign(one)))
        assert report.failure.reason == Reason.KEY_UNKNOWN
        assert verdict(report) == Verdict.FALSE

    def test_who_uses_our_key_in_their_name_is_called_false(self):
        one = json.loads(badge().credential)
        one["issuer"]["id"] = "did:web:other.example"
        assert verdict(verify_text(compact(one))) == Verdict.FALSE


class TestOneCharacter:
    @pytest.fixture
    def one(self):
        return badge()

    @given(data=st.data())
    @settings(
        max_examples=150,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    def test_is_noticed(self, one, data):
        text = one.credential
        at = data.draw(st.integers(0, len(text) - 1))
        put = data.draw(st.sampled_from('aA0.-:/"{[,} éß\u200b') | st.characters(codec="utf-8"))
        changed = text[:at] + put + text[at + 1 :]
        report = verify_text(changed)
        if not report.ok:
            assert report.failure.reason != Reason.OK
            assert reason_in_words(report.failure)
            assert verdict(report) != Verdict.GENUINE
            return
        # Nothing but the same text, or what means exactly the same in JSON (white space).
        assert json.loads(changed) == json.loads(text)

    @pytest.mark.parametrize(
        "member", ["name", "narrative", "validFrom", "description", "identityHash", "proofValue"]
    )
    def test_of_a_value_and_the_reason_is_given(self, one, member):
        at = re.search(rf'"{member}":"', one.credential).end() + 12
        put = "8" if one.credential[at] == "7" else "7"
        changed = one.credential[:at] + put + one.credential[at + 1 :]
        report = verify_text(changed)
        assert verdict(report) in (Verdict.FALSE, Verdict.UNREADABLE)
        values = verification_values(report)
        assert not values["is_genuine"]
        assert any(check.state == "bad" and check.explanation for check in values["checks"])


class TestWording:
    def test_every_reason_and_every_verdict_has_words(self):
        for reason in set(Reason) - {Reason.OK}:
            words = reason_in_words(Check(CheckCode.SIGNATURE, False, reason))
            assert words and "%" not in words
        assert set(VERDICTS) == set(Verdict)

    @pytest.mark.parametrize("language", ["en", "sl"])
    def test_dates_are_written_for_people(self, language):
        one = badge(valid_until=timezone.now() + timedelta(days=90))
        with translation.override(language):
            values = verification_values(verify_text(one.credential))
        dates = values["checks"][4]
        assert not re.search(r"\d{4}-\d\d", dates.explanation)

    def test_a_text_of_a_stranger_is_no_format(self):
        document = json.loads(badge().credential)
        document["%(x)s%s"] = "%d"
        values = verification_values(verify_text(compact(document)))
        assert values["verdict"] == "false"


class TestIndependently:
    """A verifier that shares no code with this package, reading what this site serves."""

    @pytest.fixture
    def download(self, client):
        def get(url, *args, **kwargs):
            # A did:web is always read over https.
            path = re.sub(r"^https?://testserver", "", url)
            response = client.get(path)
            assert response.status_code == 200, url
            return response.content

        return get

    def check(self, one, download, client):
        sharing.share(one.learner, [one])
        served = client.get(f"/col/badges/{one.key}/credential.json").content
        # It reads our list but knows how to check a list's signature in another form only.
        return OB3LdpVerifier().verify(
            served, check_status=True, verify_status_list=False, download=download
        )

    def test_holds(self, client, download):
        read = self.check(badge(), download, client)
        assert read.issuer.id == "did:web:testserver"

    def test_holds_after_rotation_and_with_another_issuer(self, client, download):
        library = Issuer.objects.create(slug="library", name="Library")
        one = badge(achievement=AchievementFactory(issuer=library), language="sl")
        keys.rotate(library)
        read = self.check(one, download, client)
        assert read.issuer.id == "did:web:testserver:col:badges:issuers:library"

    def test_taken_back(self, client, download):
        one = badge()
        revoke(one, "x")
        with pytest.raises(OB3VerificationError, match="revo"):
            self.check(one, download, client)

    def test_suspended(self, client, download):
        one = badge()
        suspend(one, "x")
        with pytest.raises(OB3VerificationError, match="revo"):
            self.check(one, download, client)
        resume(one)
        self.check(one, download, client)

    def test_expired(self, client, download, monkeypatch):
        now = timezone.now()
        with monkeypatch.context() as earlier:
            earlier.setattr(timezone, "now", lambda: now - timedelta(days=9))
            holds = badge(valid_until=now + timedelta(days=9))
            over = badge(valid_until=now - timedelta(days=1))
        self.check(holds, download, client)
        with pytest.raises(OB3VerificationError, match="expired"):
            self.check(over, download, client)
        assert verdict(verify_text(over.credential)) == Verdict.EXPIRED

    def test_tokens_hold_before_and_after_rotation(self, client, download):
        library = Issuer.objects.create(slug="library", name="Library")
        old = badge(achievement=AchievementFactory(issuer=library))
        tokens = [as_token(old)]
        keys.rotate(library, kind=KeyKind.ES256)
        tokens.append(as_token(badge(achievement=old.achievement)))
        # An award made before the rotation whose token is made after it.
        tokens.append(as_token(badge(achievement=old.achievement)))
        assert len({token.partition(".")[0] for token in tokens}) == 2
        for token in tokens:
            verifier = OB3Verifier.for_issuer_did(
                "did:web:testserver:col:badges:issuers:library", download=download
            )
            assert verifier.verify(token).issuer.id.endswith(":library")
            assert verdict(verify_text(token)) == Verdict.GENUINE

    def test_a_token_that_was_taken_back(self, client, download):
        one = badge()
        token = as_token(one)
        revoke(one, "x")
        verifier = OB3Verifier.for_issuer_did("did:web:testserver", download=download)
        with pytest.raises(OB3VerificationError, match="revo"):
            verifier.verify(token, check_status=True, verify_status_list=False, download=download)

    def test_changed(self, client, download):
        one = badge()
        changed = one.credential.replace("Explorer", "Explores", 1)
        with pytest.raises(OB3VerificationError):
            OB3LdpVerifier().verify(changed, download=download)


def test_all_addresses_of_one_ipv6_network_are_counted_together(rf):
    def counted(address):
        return pacing.network(rf.get("/", REMOTE_ADDR=address))

    assert counted("2001:db8::1") == counted("2001:db8::ffff") != counted("2001:db8:0:1::1")
    assert counted("::ffff:192.0.2.1") == counted("192.0.2.1") != counted("192.0.2.2")
    assert counted("") == ""
