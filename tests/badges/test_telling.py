from smtplib import SMTPRecipientsRefused
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.utils import translation

from tests.factories import AchievementFactory, AchievementTextFactory, UserFactory
from wagtail_col.badges import telling
from wagtail_col.badges.awarding import renew, revoke
from wagtail_col.badges.models import Award
from wagtail_col.badges.telling import tell, tell_all, waiting

from .build import badge, slovene

pytestmark = pytest.mark.django_db


class BrokenBackend(BaseEmailBackend):
    """A mail server that is down."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("no mail server")


def broken(settings):
    settings.EMAIL_BACKEND = "tests.badges.test_telling.BrokenBackend"


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    def make(*args, **values):
        with django_capture_on_commit_callbacks(execute=True):
            one = badge(*args, **values)
        one.refresh_from_db()
        return one

    return make


def test_says_which_badge_and_where(committed):
    one = committed()
    message = mail.outbox[0]
    assert len(mail.outbox) == 1
    assert message.to == [one.learner.email]
    assert message.subject == "You earned a badge: Explorer"
    html = message.alternatives[0][0]
    for text in (message.body, html):
        assert f"http://testserver/col/badges/{one.key}/?lang=en" in text
        assert "Knows the way around." in text
        assert "Podcast from zero" in text
    assert "\n\n\n" not in message.body
    assert one.emailed_at


def test_of_a_renewal_it_says_that_and_until_when(committed, django_capture_on_commit_callbacks):
    one = committed(achievement=AchievementFactory(lasts_months=12), narrative="<b>Well</b>")
    Award.objects.update(valid_until=one.awarded_at)
    with django_capture_on_commit_callbacks(execute=True):
        renew(one)
    message = mail.outbox[-1]
    assert message.subject == "Your badge was renewed: Explorer"
    assert "It is valid until" in message.body and "<b>Well</b>" in message.body
    assert "<b>Well</b>" not in message.alternatives[0][0]


def test_one_address_that_is_refused_does_not_keep_others_waiting(monkeypatch):
    ids = [badge().pk for _n in range(5)]
    real, sent = EmailMultiAlternatives.send, []

    def send(message, *args, **kwargs):
        sent.append(message)
        if len(sent) == 2:
            raise SMTPRecipientsRefused({})
        return real(message, *args, **kwargs)

    monkeypatch.setattr(EmailMultiAlternatives, "send", send)
    with pytest.raises(SMTPRecipientsRefused):
        tell_all(ids)
    assert len(mail.outbox) == 4 and waiting() == [ids[1]]


def test_a_server_that_is_down_is_not_asked_for_each(monkeypatch):
    ids, asked = [badge().pk for _n in range(5)], []

    def down(message, *args, **kwargs):
        asked.append(message)
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailMultiAlternatives, "send", down)
    with pytest.raises(ConnectionRefusedError):
        tell_all(ids)
    assert len(asked) == 3 and waiting() == ids


def test_in_the_learners_language_whatever_is_active(committed):
    achievement = AchievementFactory()
    slovene(achievement)
    with translation.override("es"):
        one = committed(achievement=achievement, language="sl")
    message = mail.outbox[0]
    assert "Raziskovalka" in message.subject
    assert f"{one.key}/?lang=sl" in message.body
    assert '<html lang="sl">' in message.alternatives[0][0]


def test_nothing_goes_out_when_the_award_is_rolled_back(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        badge()
    assert len(callbacks) == 1
    assert not mail.outbox


def test_a_name_cannot_forge_a_header(committed):
    achievement = AchievementFactory(text=None)
    AchievementTextFactory(achievement=achievement, name="A\r\nBcc: all@example.org <b>&</b>")
    committed(achievement=achievement)
    assert mail.outbox[0].subject == "You earned a badge: A Bcc: all@example.org <b>&</b>"
    assert "<b>&</b>" not in mail.outbox[0].alternatives[0][0]
    assert "<b>&</b>" in mail.outbox[0].body


def test_from_the_address_in_the_settings(committed, settings):
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "FROM_EMAIL": "badges@city.example"}
    committed()
    assert mail.outbox[0].from_email == "badges@city.example"


class TestMailIsDown:
    def test_the_badge_is_there_and_the_news_waits(self, committed, settings):
        broken(settings)
        one = committed()
        assert Award.objects.filter(pk=one.pk, emailed_at=None).exists()
        assert waiting() == [one.pk]

    def test_the_news_goes_out_once_when_mail_is_back(self, committed, settings, capsys):
        good = settings.EMAIL_BACKEND
        broken(settings)
        one = committed()
        call_command("send_badge_emails")
        assert "0 sent, 1 failed" in capsys.readouterr().out
        settings.EMAIL_BACKEND = good
        call_command("send_badge_emails")
        call_command("send_badge_emails")
        assert [message.to for message in mail.outbox] == [[one.learner.email]]
        assert waiting() == []

    @pytest.mark.django_db(transaction=True)
    def test_a_queue_that_is_down_does_not_undo_the_award(self, monkeypatch):
        def down(*args, **kwargs):
            raise ConnectionError("no queue")

        monkeypatch.setattr(telling, "tell_learners", SimpleNamespace(enqueue=down))
        one = badge()
        assert waiting() == [one.pk]


class TestNobodyToTell:
    def test_without_an_address(self, committed):
        committed(UserFactory(email=""))
        assert not mail.outbox
        assert waiting() == []

    def test_taken_back_meanwhile(self):
        one = badge()
        revoke(one, "x")
        assert not tell(one.pk)
        assert waiting() == []

    def test_gone(self):
        assert not tell(10**9)
