"""What becomes of a badge that was given: suspended, resumed, taken back, renewed, expired; as
this site says it and as a verifier says it that shares no code with it."""

import json
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError

from tests.factories import AchievementFactory, UserFactory
from wagtail_col.badges import keys, statuslists
from wagtail_col.badges.addresses import did_of, status_list_url
from wagtail_col.badges.awarding import (
    NotAwardable,
    award,
    months_after,
    renew,
    resume,
    revoke,
    suspend,
)
from wagtail_col.badges.models import Award, Issuer, PastEdition, StatusForm, StatusList
from wagtail_col.badges.openbadges import did
from wagtail_col.badges.verifying import Verdict, verdict, verify_text

from .build import BECAUSE, badge

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def secure(settings):
    """The other verifier fetches nothing without https."""
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "BASE_URL": "https://city.example"}


def two_lists():
    issuer = Issuer.objects.create(slug="library", name="Library", status_form=StatusForm.TWO_LISTS)
    return badge(achievement=AchievementFactory(issuer=issuer))


def elsewhere(given):
    """What the independent verifier says: "" or why it refuses."""
    issuer = given.issuer
    pages = {
        did.did_document_url(did_of(issuer)): did.did_document(
            did_of(issuer), keys.public_keys(issuer)
        )
    }

    def download(url, *args, **kwargs):
        if url in pages:
            return json.dumps(pages[url]).encode()
        [listed] = [one for one in StatusList.objects.all() if status_list_url(one) == url]
        return listed.credential.encode()

    try:
        OB3LdpVerifier().verify(
            given.credential, check_status=True, verify_status_list=False, download=download
        )
    except OB3VerificationError as refusal:
        return str(refusal)
    return ""


def here(given, **values):
    return verdict(verify_text(given.credential, **values))


class TestAsOthersSeeIt:
    def test_a_badge_that_holds(self):
        given = badge()
        assert elsewhere(given) == "" and here(given) == Verdict.GENUINE

    def test_taken_back(self):
        given = badge()
        revoke(given, "x")
        assert "'revocation' is set" in elsewhere(given)
        assert here(given) == Verdict.TAKEN_BACK

    def test_expired(self):
        given = badge(valid_until=timezone.now() + timedelta(seconds=1))
        Award.objects.filter(pk=given.pk).update(valid_until=timezone.now())
        document = json.loads(given.credential)
        document.pop("proof")
        document["validFrom"], document["validUntil"] = (
            "2025-01-01T00:00:00Z",
            "2025-02-01T00:00:00Z",
        )
        signed = keys.sign(document, given.issuer, timezone.now())
        given.credential = statuslists.as_bytes(signed)
        assert "expired" in elsewhere(given)
        assert here(given) == Verdict.EXPIRED

    def test_suspended_is_refused_everywhere_and_holds_again_after(self):
        given = badge()
        suspend(given, "Being looked at")
        assert "is set" in elsewhere(given)
        assert here(given) == Verdict.SUSPENDED
        assert given.is_suspended and given.suspension_reason == "Being looked at"
        resume(given)
        assert elsewhere(given) == "" and here(given) == Verdict.GENUINE
        assert not given.is_suspended and given.suspension_reason == ""

    def test_with_two_lists_others_can_tell_suspended_from_taken_back(self):
        given = two_lists()
        assert elsewhere(given) == "" and here(given) == Verdict.GENUINE
        entries = json.loads(given.credential)["credentialStatus"]
        assert [entry["statusPurpose"] for entry in entries] == ["revocation", "suspension"]
        suspend(given, "x")
        assert "'suspension' is set" in elsewhere(given)
        assert here(given) == Verdict.SUSPENDED
        resume(given)
        assert elsewhere(given) == ""
        revoke(given, "x")
        assert "'revocation' is set" in elsewhere(given)

    def test_one_list_is_what_the_official_schema_allows(self):
        assert isinstance(json.loads(badge().credential)["credentialStatus"], dict)


class TestSuspending:
    def test_leaves_others_alone(self):
        one, other = badge(), badge()
        suspend(one, "x")
        assert here(other) == Verdict.GENUINE

    def test_twice_keeps_the_first_reason(self):
        given = badge()
        suspend(given, "First")
        suspend(given, "Second")
        assert given.suspension_reason == "First"

    def test_what_was_taken_back_is_neither_suspended_nor_resumed(self):
        given = badge()
        suspend(given, "x")
        revoke(given, "y")
        resume(given)
        assert given.is_revoked and here(given) == Verdict.TAKEN_BACK
        other = badge()
        revoke(other, "y")
        suspend(other, "z")
        assert not other.is_suspended

    def test_resuming_what_was_not_suspended_changes_nothing(self):
        given = badge()
        before = StatusList.objects.get().credential
        resume(given)
        assert StatusList.objects.get().credential == before

    def test_award_and_list_change_together_or_not_at_all(self, monkeypatch):
        given = badge()
        monkeypatch.setattr(statuslists.keys, "sign", broken)
        with pytest.raises(OSError):
            suspend(given, "x")
        given.refresh_from_db()
        assert not given.is_suspended and here(given) == Verdict.GENUINE


class TestLasting:
    def test_as_long_as_the_badge_says(self):
        given = badge(achievement=AchievementFactory(lasts_months=24))
        assert given.valid_until.year == given.awarded_at.year + 2
        assert json.loads(given.credential)["validUntil"]

    def test_an_end_that_is_given_counts_more(self):
        end = (timezone.now() + timedelta(days=3)).replace(microsecond=0)
        given = badge(achievement=AchievementFactory(lasts_months=24), valid_until=end)
        assert given.valid_until == end

    @pytest.mark.parametrize(
        ("start", "months", "end"),
        [
            ("2026-01-31T12:00:00+01:00", 1, "2026-02-28T12:00:00+01:00"),
            ("2027-12-31T12:00:00+01:00", 2, "2028-02-29T12:00:00+01:00"),
            # Across a change of the clock the time of day stays.
            ("2026-01-15T12:00:00+01:00", 6, "2026-07-15T12:00:00+02:00"),
            ("2026-11-30T00:00:00+01:00", 12, "2027-11-30T00:00:00+01:00"),
        ],
    )
    def test_months(self, start, months, end):
        found = months_after(datetime.fromisoformat(start), months)
        assert found == datetime.fromisoformat(end)


def year_old(**values):
    """A badge for a year that was given a while ago."""
    given = badge(achievement=AchievementFactory(lasts_months=12), **values)
    Award.objects.filter(pk=given.pk).update(
        awarded_at=given.awarded_at - timedelta(days=300),
        valid_until=given.valid_until - timedelta(days=300),
        emailed_at=timezone.now(),
    )
    return Award.objects.get(pk=given.pk)


class TestRenewing:
    def test_signs_again_with_new_dates_and_keeps_what_was(self):
        given = year_old(narrative="Well done.")
        before = Award.objects.get(pk=given.pk)
        assert renew(given)
        assert given.key == before.key and given.learner_id == before.learner_id
        assert given.valid_until > before.valid_until + timedelta(days=200)
        assert given.because == before.because and given.narrative == "Well done."
        assert (given.status_list_id, given.status_index) != (
            before.status_list_id,
            before.status_index,
        )
        past = PastEdition.objects.get()
        assert past.credential == before.credential
        assert here(given) == Verdict.GENUINE
        assert verify_text(past.credential).ok
        # The learner is told again.
        assert given.emailed_at is None
        assert Award.objects.count() == 1

    def test_earning_it_again_renews_it(self):
        given = year_old()
        again, is_new = award(
            given.achievement,
            given.learner,
            because={**BECAUSE, "title": "Second time"},
            language="sl",
            renew=True,
        )
        assert is_new and again.pk == given.pk
        assert again.because["title"] == "Second time" and again.language == "sl"
        assert verify_text(again.credential).ok

    def test_without_being_asked_to_it_stays(self):
        given = year_old()
        again, is_new = award(given.achievement, given.learner, because=BECAUSE, language="en")
        assert not is_new and again.valid_until == given.valid_until

    def test_twice_in_a_row_is_once(self):
        given = year_old()
        assert renew(given)
        assert not renew(given)
        assert PastEdition.objects.count() == 1

    def test_one_without_an_end_stays(self):
        given = badge()
        again, is_new = award(
            given.achievement, given.learner, because=BECAUSE, language="en", renew=True
        )
        assert not is_new and again == given
        with pytest.raises(NotAwardable) as refusal:
            renew(given)
        assert refusal.value.code == "no-end"

    @pytest.mark.parametrize(
        ("change", "code"), [(revoke, "taken-back"), (suspend, "suspended")], ids=["back", "off"]
    )
    def test_one_that_does_not_hold_stays(self, change, code):
        given = year_old()
        change(given, "x")
        _again, is_new = award(
            given.achievement, given.learner, because=BECAUSE, language="en", renew=True
        )
        assert not is_new
        with pytest.raises(NotAwardable) as refusal:
            renew(given)
        assert refusal.value.code == code
        assert not PastEdition.objects.exists()

    def test_taking_it_back_takes_back_what_was_before(self):
        given = year_old()
        renew(given)
        revoke(given, "x")
        assert here(given) == Verdict.TAKEN_BACK
        assert verdict(verify_text(PastEdition.objects.get().credential)) == Verdict.TAKEN_BACK

    def test_suspending_it_suspends_what_was_before(self):
        given = year_old()
        renew(given)
        suspend(given, "x")
        past = PastEdition.objects.get()
        assert not verify_text(past.credential).ok
        resume(given)
        assert verify_text(past.credential).ok

    def test_the_old_place_is_never_given_again(self, monkeypatch):
        given = year_old()
        old = given.status_index
        renew(given)
        monkeypatch.setattr(statuslists, "_draw", lambda size, count: [old])
        assert badge().status_list_id != given.status_list_id

    def test_what_cannot_be_signed_changes_nothing(self, monkeypatch):
        given = year_old()
        monkeypatch.setattr(statuslists.keys, "sign", broken)
        with pytest.raises(OSError):
            renew(given)
        assert not PastEdition.objects.exists()
        assert Award.objects.get().credential == given.credential


class TestBy:
    def test_is_kept_and_not_in_the_badge(self):
        organiser = UserFactory(username="vida.organiser")
        given = badge(by=organiser, narrative="Explains well.")
        assert given.awarded_by == organiser
        assert "vida" not in given.credential
        assert "Explains well." in json.loads(given.credential)["evidence"][0]["narrative"]


def broken(*args):
    raise OSError
