"""What has served is taken out, and nothing else."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from tests.lti.build import make_context, make_tool, make_tool_user
from wagtail_col.lti import cleaning, registering, tasks
from wagtail_col.lti.models import (
    DeepLinkReturn,
    LaunchTicket,
    LogEntry,
    Message,
    Outcome,
    RegistrationInvite,
    SeenToken,
    TicketKind,
    Tool,
)

pytestmark = pytest.mark.django_db


def ago(**time):
    return timezone.now() - timedelta(**time)


def ticket(tool_user, expired):
    return LaunchTicket.objects.create(
        kind=TicketKind.DEEP_LINKING,
        tool=tool_user.tool,
        tool_user=tool_user,
        context=make_context(),
        session="s",
        expires_at=expired,
        used_at=expired,
    )


@pytest.fixture
def old_and_young():
    """One of each that is too old, and one that is not yet."""
    tool = make_tool()
    tool_user = make_tool_user(tool)
    for expired in (ago(hours=25), ago(hours=23)):
        ticket(tool_user, expired)
    for digest, expired in (("old", ago(seconds=1)), ("young", ago(seconds=-60))):
        SeenToken.objects.create(tool=tool, purpose="p", digest=digest, expires_at=expired)
    for hours in (25, 23):
        invite = registering.start("https://tool.example.org/").invite
        RegistrationInvite.objects.filter(pk=invite.pk).update(expires_at=ago(hours=hours))
    for days in (31, 29):
        entry = LogEntry.objects.create(tool=tool, message=Message.LAUNCH, outcome=Outcome.DONE)
        LogEntry.objects.filter(pk=entry.pk).update(at=ago(days=days))
    return tool


def test_what_is_too_old_is_taken_out(old_and_young):
    out = StringIO()
    call_command("clean_lti", stdout=out)
    said = dict(line.split(": ") for line in out.getvalue().splitlines())
    assert (said.pop("unanswered"), said.pop("unused")) == ("0", "0")
    assert said.pop("picks") == "0"
    assert said == {"tickets": "1", "tokens": "1", "invites": "1", "log": "1"}
    assert LaunchTicket.objects.get().expires_at > ago(hours=24)
    assert SeenToken.objects.get().digest == "young"
    assert RegistrationInvite.objects.count() == LogEntry.objects.count() == 1
    assert Tool.objects.get() == old_and_young
    assert set(cleaning.clean().values()) == {0}


def test_what_was_picked_keeps_its_ticket():
    kept = ticket(make_tool_user(make_tool()), ago(days=5))
    DeepLinkReturn.objects.create(ticket=kept, items=[])
    assert cleaning.clean()["tickets"] == 0


def test_a_registered_tool_outlives_its_invitation():
    invite = registering.start("https://tool.example.org/").invite
    invite.tool, invite.expires_at = make_tool(), ago(days=5)
    invite.save()
    assert cleaning.clean()["invites"] == 1
    assert Tool.objects.count() == 1


def test_more_than_a_batch_is_taken_out(monkeypatch):
    monkeypatch.setattr(cleaning, "BATCH", 3)
    tool = make_tool()
    SeenToken.objects.bulk_create(
        SeenToken(tool=tool, purpose="p", digest=str(n), expires_at=ago(hours=1)) for n in range(10)
    )
    assert cleaning.clean()["tokens"] == 10


def test_it_is_done_once_an_hour_by_whoever_comes_along(old_and_young):
    assert tasks.clean_sometimes() is True
    assert LogEntry.objects.count() == 1
    LogEntry.objects.update(at=ago(days=31))
    assert tasks.clean_sometimes() is False
    assert LogEntry.objects.count() == 1
    cache.clear()
    assert tasks.clean_sometimes() is True
    assert LogEntry.objects.count() == 0
