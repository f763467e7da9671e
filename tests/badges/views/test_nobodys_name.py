"""No address of ours tells a stranger who a learner is: every one there is, asked in every way.

The learner has done everything once: a line, badges shared and not, one brought from elsewhere, an
endorsement, evidence, a wallet. Nothing is left out because somebody forgot to write it down here:
the addresses come from the URLs themselves, and ``<uuid:key>`` is tried with every key there is.
"""

import base64
import re
import uuid

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.api import build as wallets
from tests.badges import endorse
from tests.badges.build import badge, brought
from tests.factories import AchievementFactory, UserFactory
from tests.learning.build import line, link
from wagtail_col.badges import sharing
from wagtail_col.badges.models import (
    AchievementSkill,
    Award,
    ImportedBadge,
    Issuer,
    Skill,
    SkillName,
)
from wagtail_col.badges.securing import compact
from wagtail_col.learning import journey

pytestmark = pytest.mark.django_db

SECRETS = (b"zofka", b"novak", b"mail.example", b"secret title")
#: Our namespaces, and the floors whose keys their addresses may hold.
OURS = {
    "col_catalogue": ("col_catalogue",),
    "col_badges": ("col_badges",),
    "col_api": ("col_api", "col_badges"),
    "col_lti": ("col_lti",),
    "col_learning": ("col_learning", "col_badges"),
}


@pytest.fixture
def learner():
    return UserFactory(
        username="zofka.novak", first_name="Zofka", last_name="Novak", email="z.novak@mail.example"
    )


@pytest.fixture
def world(learner):
    """What the learner did; the addresses that they share."""
    library = Issuer.objects.create(slug="library", name="Library")
    skilled = AchievementFactory(issuer=library)
    skill = Skill.objects.create(code="B 7")
    SkillName.objects.create(skill=skill, language="en", name="repair bicycles")
    AchievementSkill.objects.create(achievement=skilled, skill=skill)
    shown, hidden, elsewhere = badge(learner), badge(learner, skilled), brought(learner)
    compact(shown)
    compact(hidden)
    endorse.given(shown)
    playlist = line(link(), achievement=AchievementFactory())
    journey.join(learner, playlist)
    wallets.wallet_token(learner, "https://purl.imsglobal.org/spec/ob/v3p0/scope/profile.readonly")
    one = sharing.share(learner, [shown])
    both = sharing.share(learner, [shown], [elsewhere], title="Mine", is_collection=True)
    stopped = sharing.share(learner, [hidden], shown_name="Zofka Novak", title="Secret title")
    sharing.stop(stopped)
    return [one, both]


def patterns(resolver=None, namespace=""):
    """Each of our addresses, as (namespace, pattern)."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            if namespace in OURS:
                yield namespace, str(entry.pattern)
        else:
            yield from patterns(entry, entry.namespace or namespace)


def keys(namespace: str) -> list[str]:
    """The key of everything there is that these addresses can be about, and one of nothing."""
    found = {str(uuid.uuid4())}
    for model in apps.get_models():
        if model._meta.app_label in OURS[namespace]:
            for field in model._meta.fields:
                if field.get_internal_type() == "UUIDField":
                    found |= {str(key) for key in model.objects.values_list(field.name, flat=True)}
    return sorted(found - {"None"})


def addresses(begin: str = "") -> set[str]:
    """All of them, or those of our patterns that begin like this."""
    found, made = {namespace: keys(namespace) for namespace in OURS}, set()
    badges = [str(one.key) for model in (Award, ImportedBadge) for one in model.objects.all()]
    for namespace, pattern in patterns():
        every = found[namespace]
        if not pattern.startswith(begin):
            continue
        given = {"slug": ["library", "nobody"], "int": ["1", "2"], "str": ["1", *every[:2]]}
        whole = [pattern]
        for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", pattern):
            values = every if kind == "uuid" else given.get(kind or "str", ["1"])
            values = badges if name == "badge" else values
            part = re.compile(rf"<(?:\w+:)?{name}>")
            whole = [part.sub(value, one, count=1) for one in whole for value in values]
        made |= {f"/{one}" for one in whole}
    return made


def told(response) -> bytes:
    """All that an answer says, a token's parts read."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    parts = content.split(b".")
    if len(parts) == 3 and content.startswith(b"eyJ"):
        content += base64.urlsafe_b64decode(parts[1] + b"==")
    return (content + str(response.headers).encode()).lower()


@pytest.mark.parametrize("who", ["stranger", "another learner"])
def test_no_address_tells_who_a_learner_is(world, who):
    client = Client(raise_request_exception=False)
    if who != "stranger":
        client.force_login(UserFactory(username="other", email="other@elsewhere.example"))
    seen = set()
    for address in sorted(addresses()):
        response = client.get(address)
        assert response.status_code < 500, address
        said = told(response)
        assert [secret for secret in SECRETS if secret in said] == [], address
        if response.status_code == 200:
            seen.add(re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "…", address))
    # What is shared was really looked at.
    for path in ("", "verify/", "credential.json", "credential.jwt", "badge.png", "badge.svg"):
        assert f"/col/badges/…/{path}" in seen
    for path in (
        "/col/badges/shared/…/",
        "/col/badges/shared/…/…/",
        "/col/badges/achievements/…/",
        "/col/badges/endorsements/….json",
        "/col/badges/status/….json",
        "/col/badges/…/assertion.json",
        "/col/badges/issuers/library/",
    ):
        assert path in seen, path


def test_the_name_is_there_once_it_is_shared(world, learner, client):
    sharing.share(learner, list(learner.col_awards.all()[:1]), shown_name="Zofka")
    paths = sorted(addresses("col/badges/<uuid") | addresses("col/badges/shared/"))
    found = [one for one in paths if b"zofka" in told(client.get(one))]
    assert found and all(one.startswith("/col/badges/shared/") for one in found)
