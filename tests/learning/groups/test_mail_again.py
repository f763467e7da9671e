"""An invitation whose e-mail could not be sent: tried again a few times, each sent once."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.utils import timezone

from tests import factories
from wagtail_col.learning import group_mail, groups
from wagtail_col.learning.group_inviting import invite, invite_again
from wagtail_col.learning.group_mail import MOST_TRIES, WAITS, Mail, mail_of
from wagtail_col.learning.group_rows import member_rows

pytestmark = pytest.mark.django_db


class Down(EmailBackend):
    """A mail server that takes nothing while ``is_down``, and never anything for ``refused``."""

    is_down = True
    refused = ""
    tried = 0

    def send_messages(self, messages):
        Down.tried += 1
        if Down.is_down or any(Down.refused in message.to for message in messages):
            raise OSError("nobody answers")
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def server(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    Down.is_down, Down.refused, Down.tried = True, "", 0
    return Down


@pytest.fixture
def clock(monkeypatch):
    """Moves the time on."""
    now = [timezone.now()]
    monkeypatch.setattr(timezone, "now", lambda: now[0])

    def wait(time: timedelta) -> None:
        now[0] += time

    return wait


@pytest.fixture
def member(group, clock, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        invite(group, "ana@example.org")
    return group.members.get()


def send() -> str:
    out = StringIO()
    call_command("send_badge_emails", stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def state(member) -> Mail:
    member.refresh_from_db()
    return mail_of(member)


def test_it_is_sent_when_mail_works_again_and_once(member, server, clock):
    assert state(member) == Mail.WAITING
    assert member.email_tries == 1
    assert send() == "0 sent, 0 failed.", "it has just been tried"
    server.is_down = False
    clock(WAITS[0])
    assert send() == "1 sent, 0 failed."
    assert [message.to for message in mail.outbox] == [["ana@example.org"]]
    assert state(member) == Mail.SENT
    clock(timedelta(days=3))
    assert send() == "0 sent, 0 failed."
    assert len(mail.outbox) == 1


def test_it_is_tried_a_few_times_and_given_up(member, server, clock):
    for tries, wait in enumerate(WAITS, start=1):
        assert (state(member), member.email_tries) == (Mail.WAITING, tries)
        clock(wait - timedelta(seconds=1))
        assert send() == "0 sent, 0 failed.", "not yet"
        clock(timedelta(seconds=1))
        assert send() == "0 sent, 1 failed."
        assert send() == "0 sent, 0 failed.", "once each"
    assert state(member) == Mail.FAILED
    assert server.tried == MOST_TRIES
    server.is_down = False
    clock(timedelta(days=30))
    assert send() == "0 sent, 0 failed."
    assert not mail.outbox


def test_one_address_that_is_refused_does_not_keep_the_others(group, server, clock):
    invite(group, "ana@example.org, bor@example.org, eva@example.org")
    server.is_down, server.refused = False, "bor@example.org"
    assert send() == "2 sent, 1 failed."
    assert [mail_of(member) for member in group.members.order_by("email")] == [
        Mail.SENT,
        Mail.WAITING,
        Mail.SENT,
    ]


def test_who_comes_second_sends_nothing(member, server, clock, monkeypatch):
    server.is_down = False
    clock(WAITS[0])
    plain = group_mail._message

    def meanwhile(invited):
        # Another worker, while this one is at it.
        assert not group_mail.tell(invited.pk)
        return plain(invited)

    monkeypatch.setattr(group_mail, "_message", meanwhile)
    assert group_mail.tell(member.pk)
    assert len(mail.outbox) == 1


def test_who_has_joined_gets_none(member, server, clock):
    groups.join(factories.UserFactory(), groups.find(groups.card_code(member)))
    server.is_down = False
    clock(WAITS[0])
    assert send() == "0 sent, 0 failed."
    assert state(member) == Mail.NONE


def test_a_link_that_cannot_be_made_any_more_is_not_tried(member, server, clock, monkeypatch):
    monkeypatch.setattr(group_mail, "card_code", lambda member: "")
    clock(WAITS[0])
    assert send() == "0 sent, 0 failed."
    assert state(member) == Mail.FAILED


def test_the_organiser_has_it_sent_again(member, server, clock, django_capture_on_commit_callbacks):
    assert not invite_again(member), "it is still tried"
    for wait in WAITS:
        clock(wait)
        send()
    assert state(member) == Mail.FAILED
    server.is_down = False
    with django_capture_on_commit_callbacks(execute=True):
        assert invite_again(member)
    assert state(member) == Mail.SENT
    assert len(mail.outbox) == 1
    assert not invite_again(member), "it was sent"


def test_the_organiser_reads_how_it_is(member, clock, group):
    [row] = member_rows(group)
    assert row.stand == "e-mail not sent yet"
    for wait in WAITS:
        clock(wait)
        send()
    [row] = member_rows(group)
    assert row.stand == "e-mail could not be delivered"
    group.members.update(emailed_at=timezone.now())
    [row] = member_rows(group)
    assert row.stand == "has not joined yet"
