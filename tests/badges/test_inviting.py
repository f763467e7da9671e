"""A badge that waits behind a link for somebody without an account."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.utils import timezone

from tests.factories import AchievementFactory, UserFactory
from wagtail_col.badges import inviting
from wagtail_col.badges.awarding import NotAwardable
from wagtail_col.badges.inviting import NotClaimable
from wagtail_col.badges.models import Achievement, Award, Invitation
from wagtail_col.badges.verifying import verify_text

from .build import badge, slovene
from .test_telling import broken

pytestmark = pytest.mark.django_db

BECAUSE = {"by": "list", "title": "Camp", "assessed": "organiser"}


def invite(email="new@x.org", achievement=None, **values):
    [[invitation, _is_new]] = inviting.invite_many(
        achievement or AchievementFactory(),
        [(email, values.pop("narrative", "Well done."))],
        **{"because": BECAUSE, "language": "en", "by": None, **values},
    ).values()
    return invitation


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    def make(*args, **values):
        with django_capture_on_commit_callbacks(execute=True):
            one = invite(*args, **values)
        one.refresh_from_db()
        return one

    return make


class TestLink:
    def test_leads_back_to_the_invitation(self):
        one = invite()
        assert inviting.find(inviting.secret_of(one)) == one

    def test_is_not_in_the_database(self):
        one = invite()
        secret = inviting.secret_of(one)
        # 192 bits.
        assert len(secret) == 32
        for value in Invitation.objects.values().get().values():
            assert secret not in str(value)

    def test_another_one_leads_nowhere(self):
        one = invite()
        for wrong in ("", "x", str(one.key), one.secret_hash, inviting.secret_of(one)[:-1]):
            assert inviting.find(wrong) is None

    def test_holds_when_the_secret_of_the_site_is_changed(self, settings):
        one = invite()
        secret = inviting.secret_of(one)
        old = settings.WAGTAIL_COL["KEYS"]
        settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "KEYS": ["n" * 40, *old]}
        assert inviting.secret_of(one) == secret
        settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "KEYS": ["n" * 40]}
        assert inviting.find(secret) == one
        with pytest.raises(ImproperlyConfigured):
            inviting.secret_of(one)


class TestInviting:
    def test_one_open_invitation_an_address(self):
        achievement = AchievementFactory()
        one = invite(achievement=achievement)
        found = inviting.invite_many(
            achievement,
            [("NEW@x.org", "Other"), ("third@x.org", "")],
            because=BECAUSE,
            language="en",
            by=None,
        )
        assert found["new@x.org"] == (one, False)
        assert found["third@x.org"][1]
        one.refresh_from_db()
        assert one.narrative == "Well done."

    def test_a_draft_invites_nobody(self):
        with pytest.raises(NotAwardable):
            invite(achievement=AchievementFactory(live=False))
        assert not Invitation.objects.exists()

    def test_nobody(self):
        assert (
            inviting.invite_many(AchievementFactory(), [], because=BECAUSE, language="en", by=None)
            == {}
        )


class TestEmail:
    def test_says_what_and_from_whom_and_where(self, committed):
        one = committed()
        [message] = mail.outbox
        assert message.to == ["new@x.org"]
        assert message.subject == "Test site gives you a badge: Explorer"
        for text in (message.body, message.alternatives[0][0]):
            assert inviting.link_of(one) in text
            assert "Knows the way around." in text and "Camp" in text and "Well done." in text
        assert one.emailed_at and "\n\n\n" not in message.body

    def test_in_the_language_of_the_list(self, committed):
        achievement = AchievementFactory()
        slovene(achievement)
        committed(achievement=achievement, language="sl")
        assert "Raziskovalka" in mail.outbox[0].subject
        assert "?lang=sl" in mail.outbox[0].body
        assert '<html lang="sl">' in mail.outbox[0].alternatives[0][0]

    def test_what_was_written_cannot_become_html_or_a_header(self, committed):
        committed(narrative="<script>x</script>", because={**BECAUSE, "title": "A\nBcc: b@x.org"})
        [message] = mail.outbox
        assert "<script>" not in message.alternatives[0][0]
        assert "<script>x</script>" in message.body
        assert message.to == message.recipients() == ["new@x.org"]

    def test_goes_out_later_when_mail_is_down(self, committed, settings, capsys):
        good = settings.EMAIL_BACKEND
        broken(settings)
        one = committed()
        assert one.emailed_at is None and inviting.waiting() == [one.pk]
        call_command("send_badge_emails")
        assert "0 sent, 1 failed" in capsys.readouterr().out
        settings.EMAIL_BACKEND = good
        call_command("send_badge_emails")
        call_command("send_badge_emails")
        assert [message.to for message in mail.outbox] == [["new@x.org"]]
        assert inviting.waiting() == []

    def test_again_with_the_same_link(self, committed, django_capture_on_commit_callbacks):
        one = committed()
        with django_capture_on_commit_callbacks(execute=True):
            inviting.send_again(one)
        first, second = mail.outbox
        assert first.body == second.body

    def test_not_to_who_has_claimed_or_was_withdrawn(self):
        one = invite()
        inviting.withdraw(one)
        assert not inviting.tell_invited(one.pk)
        assert not inviting.tell_invited(10**9)
        assert inviting.waiting() == []


class TestClaiming:
    def test_gives_the_badge_with_its_reasons(self):
        organiser, learner = UserFactory(), UserFactory()
        one = invite(by=organiser)
        award, is_new = inviting.claim(one, learner)
        assert is_new and award.learner == learner and award.awarded_by == organiser
        assert award.narrative == "Well done." and award.because["title"] == "Camp"
        assert verify_text(award.credential).ok

    def test_works_months_later(self):
        one = invite()
        Invitation.objects.update(made_at=timezone.now() - timedelta(days=400))
        assert inviting.claim(one, UserFactory())[1]

    def test_once(self):
        one = invite()
        inviting.claim(one, UserFactory())
        with pytest.raises(NotClaimable) as refusal:
            inviting.claim(one, UserFactory())
        assert refusal.value.code == "claimed"
        assert Award.objects.count() == 1

    def test_the_address_is_forgotten_then(self):
        one = invite()
        inviting.claim(one, UserFactory())
        one.refresh_from_db()
        assert one.email == "" and one.claimed_at

    def test_who_has_the_badge_does_not_use_it_up(self):
        learner, achievement = UserFactory(), AchievementFactory()
        before = badge(learner, achievement)
        one = invite(achievement=achievement)
        assert inviting.claim(one, learner) == (before, False)
        assert inviting.claim(one, UserFactory())[1]

    def test_not_when_it_was_withdrawn(self):
        one = invite()
        inviting.withdraw(one)
        assert one.withdrawn_at and one.email == ""
        with pytest.raises(NotClaimable) as refusal:
            inviting.claim(one, UserFactory())
        assert refusal.value.code == "withdrawn"

    def test_withdrawing_comes_too_late_for_what_was_claimed(self):
        one = invite()
        inviting.claim(one, UserFactory())
        inviting.withdraw(one)
        assert one.withdrawn_at is None

    def test_a_badge_that_is_offline_keeps_the_invitation(self):
        one = invite()
        Achievement.objects.update(live=False)
        with pytest.raises(NotAwardable):
            inviting.claim(one, UserFactory())
        one.refresh_from_db()
        assert one.claimed_at is None and one.email

    def test_after_that_the_address_can_be_invited_again(self):
        achievement = AchievementFactory()
        inviting.claim(invite(achievement=achievement), UserFactory())
        assert invite(achievement=achievement).claimed_at is None
