"""Tokens of tools are verified by their keys, fetched as seldom as can be."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.lti.build import jwks, make_tool, public_jwk, rsa_key, sign_as_tool
from tests.serving import http, serve
from wagtail_col.lti import toolkeys
from wagtail_col.lti.models import LogEntry, Message, Outcome, Tool
from wagtail_col.lti.platform import jwt, keyset
from wagtail_col.lti.platform.requirements import Refused

pytestmark = pytest.mark.django_db

CLAIMS = {"iss": "tool"}


@pytest.fixture
def server(settings):
    """A tool's key set URL; what it answers may be changed by ``show``."""
    with serve(key_set()) as running:
        settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "FETCH_PRIVATE_HOSTS": [running.host]}
        yield running


def key_set(*names):
    return http(json.dumps(jwks(*names)).encode())


def fetching_tool(server, **values):
    return make_tool(jwks=None, jwks_url=f"http://{server.host}/jwks", **values)


def token(kid="tool-key"):
    return sign_as_tool(CLAIMS, kid, rsa_key(kid))


def refusal(tool, sent):
    with pytest.raises(Refused) as refused:
        toolkeys.verify(tool, sent)
    return refused.value.requirement


def aged(tool, **age):
    """The same tool as another process sees it, some time after."""
    moment = timezone.now() - timedelta(**age)
    Tool.objects.filter(pk=tool.pk).update(keys_fetched_at=moment, keys_tried_at=moment)
    return Tool.objects.get(pk=tool.pk)


def keys_log():
    return list(
        LogEntry.objects.filter(message=Message.KEYS)
        .order_by("pk")
        .values_list("outcome", "requirement", "detail")
    )


class TestPastedKeys:
    def test_verify_without_fetching_anything(self):
        tool = make_tool()
        assert toolkeys.verify(tool, token()) == CLAIMS
        assert refusal(tool, token("stranger")) is jwt.UNKNOWN_KID
        assert refusal(tool, sign_as_tool(CLAIMS, key=rsa_key("other"))) is jwt.TOKEN_SIGNATURE
        assert keys_log() == []

    def test_are_looked_at_before_a_key_set_url(self, server):
        tool = make_tool(jwks=jwks("mine"), jwks_url=f"http://{server.host}/jwks")
        assert toolkeys.verify(tool, token("mine")) == CLAIMS
        assert server.requests == []
        assert toolkeys.verify(tool, token()) == CLAIMS

    def test_none_at_all_are_a_refusal(self):
        assert refusal(make_tool(jwks=None), token()) is keyset.NO_KEYS


class TestFetchedKeys:
    def test_are_fetched_once_for_many_tokens(self, server):
        tool = fetching_tool(server)
        assert [toolkeys.verify(tool, token()) for _n in range(3)] == [CLAIMS] * 3
        assert toolkeys.verify(Tool.objects.get(pk=tool.pk), token()) == CLAIMS
        assert len(server.requests) == 1
        assert keys_log() == [(Outcome.DONE, "", "")]
        tool.refresh_from_db()
        assert tool.keys_fetched_at and tool.keys_error == "" and toolkeys.error(tool) == ""

    def test_an_unknown_kid_is_fetched_once_then_backed_off(self, server):
        tool = fetching_tool(server)
        toolkeys.verify(tool, token())
        tool = aged(tool, minutes=6)
        for _n in range(5):
            assert refusal(tool, token("new")) is jwt.UNKNOWN_KID
            assert refusal(Tool.objects.get(pk=tool.pk), token("newer")) is jwt.UNKNOWN_KID
        assert len(server.requests) == 2
        # The keys that are known serve all the while.
        assert toolkeys.verify(tool, token()) == CLAIMS

    def test_a_new_key_of_a_tool_is_found_after_the_back_off(self, server):
        tool = fetching_tool(server)
        toolkeys.verify(tool, token())
        server.answer = key_set("tool-key", "new")
        assert refusal(tool, token("new")) is jwt.UNKNOWN_KID
        tool = aged(tool, minutes=6)
        assert toolkeys.verify(tool, token("new")) == CLAIMS
        assert toolkeys.verify(tool, token()) == CLAIMS
        assert len(server.requests) == 2

    @pytest.mark.parametrize("sent", ["", "a.b.c", None, "x" * 300_000])
    def test_nonsense_is_no_reason_to_fetch(self, server, sent):
        refusal(fetching_tool(server), sent)
        refusal(fetching_tool(server), sign_as_tool(CLAIMS, None))
        refusal(fetching_tool(server), sign_as_tool(CLAIMS, key="a" * 40, algorithm="HS256"))
        assert server.requests == []

    def test_are_fetched_anew_after_an_hour_so_that_a_withdrawn_key_ends(self, server):
        tool = fetching_tool(server)
        toolkeys.verify(tool, token())
        server.answer = key_set("new")
        assert toolkeys.verify(aged(tool, minutes=59), token()) == CLAIMS
        assert refusal(aged(tool, minutes=61), token()) is jwt.UNKNOWN_KID

    def test_serve_for_a_day_while_the_tool_is_down(self, server):
        tool = fetching_tool(server)
        toolkeys.verify(tool, token())
        server.answer = http(b"", status="503 Down")
        tool = aged(tool, hours=23)
        assert toolkeys.verify(tool, token()) == CLAIMS
        assert toolkeys.verify(tool, token()) == CLAIMS
        assert len(server.requests) == 2
        assert refusal(aged(tool, hours=25), token()) is keyset.KEYS_FETCHED

    @pytest.mark.parametrize(
        ("answer", "rule", "stored"),
        [
            (http(b"oops"), keyset.KEY_SET_FORM, "key-set-form"),
            (http(b"{}"), keyset.KEY_SET_FORM, "key-set-form"),
            (http(b'{"keys": [{"kid": 1}]}'), keyset.KEY_SET_FORM, "key-set-form"),
            (http(b"<html>", content_type="text/html"), keyset.KEYS_FETCHED, "type"),
            (http(b"top secret", status="500 No"), keyset.KEYS_FETCHED, "status 500"),
            (
                http(b"", status="302 A", headers="Location: https://127.0.0.1/\r\n"),
                keyset.KEYS_FETCHED,
                "address",
            ),
        ],
    )
    def test_a_bad_key_set_of_a_tool_is_a_refusal_that_is_kept(self, server, answer, rule, stored):
        server.answer = answer
        tool = fetching_tool(server)
        assert refusal(tool, token()) is rule
        # Later ones too, without asking again.
        assert refusal(Tool.objects.get(pk=tool.pk), token()) in (rule, keyset.KEYS_FETCHED)
        assert len(server.requests) == 1
        tool.refresh_from_db()
        assert tool.keys_error == stored and tool.keys_fetched_at is None
        assert toolkeys.error(tool) and "secret" not in toolkeys.error(tool)
        ((outcome, requirement, detail),) = keys_log()
        assert (outcome, requirement) == (Outcome.REFUSED, rule.code)
        assert "secret" not in detail

    def test_other_keys_are_forgotten_when_the_url_changes(self, server):
        tool = fetching_tool(server)
        toolkeys.verify(tool, token())
        toolkeys.forget(tool)
        tool.refresh_from_db()
        assert (tool.fetched_jwks, tool.keys_fetched_at, tool.keys_tried_at) == (None, None, None)

    def test_keys_fetched_from_an_url_that_was_changed_meanwhile_are_not_kept(self, server):
        tool = fetching_tool(server)
        Tool.objects.filter(pk=tool.pk).update(jwks_url="https://elsewhere.example/jwks")
        toolkeys.fetch(tool)
        assert Tool.objects.get(pk=tool.pk).fetched_jwks is None

    def test_a_private_key_somebody_published_is_not_kept(self, server):
        server.answer = http(json.dumps({"keys": [public_jwk(d="AAAA")]}).encode())
        tool = fetching_tool(server)
        toolkeys.verify(tool, token())
        tool.refresh_from_db()
        assert tool.fetched_jwks == jwks()


@pytest.mark.django_db(transaction=True)
def test_ten_tokens_at_once_fetch_the_keys_once(server):
    tool = fetching_tool(server)
    barrier, found = threading.Barrier(10), []

    def verify():
        try:
            mine = Tool.objects.get(pk=tool.pk)
            barrier.wait()
            found.append(toolkeys.verify(mine, token()))
        finally:
            connection.close()

    threads = [threading.Thread(target=verify) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [CLAIMS] * 10
    assert len(server.requests) == 1
