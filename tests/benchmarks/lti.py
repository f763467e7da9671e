"""Launches and scores of an online course with many learners, beside a view that does nothing.

A launch is two requests of the browser, so its floor is two of that view.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from django.test import Client
from django.urls import reverse

from tests.benchmarks.crowd import PEOPLE, Crowd, gather
from tests.benchmarks.timing import Row, compare

JOBS = ("lti-launch", "lti-score", "lti-signed-in")


def run(backend: str, only: str) -> list[Row]:
    """Rows of all jobs, or of the one named ``only``.

    Floor: an empty view for each request, with the same cookies; it asks the database nothing.
    """
    crowd = gather()
    jobs = {"lti-launch": launch_job, "lti-score": score_job, "lti-signed-in": signed_in_job}
    return [job(backend, crowd) for name, job in jobs.items() if not only or only == name]


def launch_job(backend: str, crowd: Crowd) -> Row:
    """Both hops: the learner's button up to the tool's login, then the id_token made from it.

    ``floor_ms`` is that of two requests, one for each hop.
    """
    from wagtail_col.lti import reaching

    client = _client(crowd)
    # As with any provider in use: it is known to be there, so nobody asks.
    reaching.answered(crowd.tool)
    return compare(
        "lti-launch",
        backend,
        PEOPLE,
        lambda: launch(client, crowd),
        _empty(client, requests=2),
        signature=signature(),
    )


def launch(client: Client, crowd: Crowd) -> None:
    opened = client.get(reverse("col_learning:open_course", args=[crowd.step.key]))
    if opened.status_code != 302:
        raise RuntimeError(f"opening answered {opened.status_code}: {opened.content[:2000]}")
    hints = parse_qs(urlsplit(opened["Location"]).query)
    answer = client.get(
        reverse("col_lti:auth"),
        {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": crowd.tool.client_id,
            "redirect_uri": crowd.tool.redirect_uris[0],
            "login_hint": hints["login_hint"][0],
            "lti_message_hint": hints["lti_message_hint"][0],
            "state": "bench",
            "nonce": secrets.token_urlsafe(16),
        },
    )
    if b"id_token" not in answer.content:
        raise RuntimeError(f"auth answered {answer.status_code}: {answer.content[:2000]}")


def score_job(backend: str, crowd: Crowd) -> Row:
    """A tool that reports progress, again and again, each time a little later."""
    client = Client(headers={"authorization": f"Bearer {access_token(crowd)}"})
    url = reverse("col_lti:scores", args=[crowd.line_item.key])
    at = datetime.now(UTC)

    def score() -> None:
        nonlocal at
        at += timedelta(milliseconds=1)
        body = {
            "userId": str(crowd.tool_user.sub),
            "timestamp": at.isoformat(),
            "scoreGiven": 50,
            "scoreMaximum": 100,
            "activityProgress": "InProgress",
            "gradingProgress": "Pending",
        }
        answer = client.post(
            url, json.dumps(body), content_type="application/vnd.ims.lis.v1.score+json"
        )
        if answer.status_code not in (200, 201, 204):
            raise RuntimeError(f"scores answered {answer.status_code}: {answer.content[:2000]}")

    return compare("lti-score", backend, PEOPLE, score, _empty(client))


def signed_in_job(backend: str, crowd: Crowd) -> Row:
    """Two requests that only ask who is there: what Django's sessions take of a launch."""
    client = _client(crowd)
    return compare(
        "lti-signed-in",
        backend,
        PEOPLE,
        lambda: [client.get("/bench-signed-in") for _request in range(2)],
        _empty(client, requests=2),
    )


def access_token(crowd: Crowd) -> str:
    """Asked for as the tool does."""
    from wagtail_col.lti import granting
    from wagtail_col.lti.addresses import token_url
    from wagtail_col.lti.platform import jwt, scopes, tokens

    now = int(time.time())
    claims = {
        "iss": crowd.tool.client_id,
        "sub": crowd.tool.client_id,
        "aud": token_url(),
        "iat": now,
        "exp": now + 60,
        "jti": secrets.token_urlsafe(16),
    }
    form = {
        "grant_type": [tokens.GRANT_TYPE],
        "client_assertion_type": [tokens.ASSERTION_TYPE],
        "client_assertion": [jwt.sign(claims, crowd.tool_key)],
        "scope": [scopes.SCORE],
    }
    return granting.grant(form)["access_token"]


def signature() -> Callable[[], object]:
    """The RS256 signature alone, over as many bytes as an id_token has."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    from wagtail_col.lti import keys

    key, message = keys.active_key().rsa_key, b"x" * 3000
    return lambda: key.sign(message, padding.PKCS1v15(), hashes.SHA256())


def _client(crowd: Crowd) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(crowd.learner, "django.contrib.auth.backends.ModelBackend")
    return client


def _empty(client: Client, requests: int = 1) -> Callable[[], object]:
    return lambda: [client.get("/bench-empty") for _request in range(requests)]
