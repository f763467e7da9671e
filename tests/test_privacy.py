"""No public address tells a learner's name or address, unless they shared it."""

import re
import uuid

import pytest
from django.urls import URLPattern

import wagtail_col.urls
from tests.badges.build import badge, brought
from tests.factories import UserFactory
from tests.learning.build import line, link, listing, step, steps_of
from wagtail_col.badges import sharing
from wagtail_col.learning import journey
from wagtail_col.learning.models import Evidence, Submission

pytestmark = pytest.mark.django_db

SECRETS = (b"zofka", b"novak", b"mail.example")


@pytest.fixture
def learner():
    return UserFactory(
        username="zofka.novak", first_name="Zofka", last_name="Novak", email="z.novak@mail.example"
    )


def routes(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield "/" + route
        else:
            yield from routes(pattern.url_patterns, route)


def addresses(keys):
    """Every address of ours, with each of the keys in the place of each key."""
    for route in sorted(set(routes(wagtail_col.urls.urlpatterns))):
        parts = re.findall(r"<(\w+):(\w+)>", route)
        if not parts:
            yield route
        for key in keys if parts else ():
            path = route
            for kind, name in parts:
                value = {"uuid": str(key), "int": "1"}.get(kind, str(key))
                path = path.replace(f"<{kind}:{name}>", value)
            yield path


@pytest.fixture
def traces(learner):
    """A learner who did everything one can do; the keys that this left."""
    workshop = listing()
    playlist = line(link("Write"), step(workshop), title="Podcast")
    journey.join(learner, playlist)
    journey.complete(learner, steps_of(playlist)[0], Evidence.SELF)
    one, shared, other = badge(learner), badge(learner), brought(learner)
    sent = Submission.objects.create(learner=learner, achievement=one.achievement, text="Look")
    links = [sharing.share(learner, [shared]), sharing.share(learner, [shared], title="Mine")]
    return {
        "award": one.key,
        "shared award": shared.key,
        "achievement": one.achievement.key,
        "imported": other.key,
        "list": one.status_list.key,
        "share": links[0].key,
        "collection": links[1].key,
        "playlist": playlist.key,
        "step": steps_of(playlist)[0].key,
        "listing": workshop.key,
        "submission": sent.key,
        "nothing": uuid.uuid4(),
    }


@pytest.mark.parametrize("who", ["a stranger", "another learner"])
def test_nobodys_name_is_on_any_address(client, learner, traces, who):
    if who == "another learner":
        client.force_login(UserFactory(username="other", email="other@elsewhere.example"))
    seen = 0
    for path in addresses(traces.values()):
        response = client.get(path)
        assert response.status_code < 500, path
        seen += response.status_code == 200
        told = b"".join(response) if response.streaming else response.content
        told = told.lower() + str(dict(response.headers)).lower().encode()
        assert not [secret for secret in SECRETS if secret in told], path
    assert seen > 20


def test_a_name_that_was_shared_is_on_that_links_page_alone(client, learner, traces):
    share = learner.col_shares.get(key=traces["share"])
    share.shown_name = "Zofka"
    share.save()
    named = set()
    for path in addresses(traces.values()):
        response = client.get(path)
        told = b"".join(response) if response.streaming else response.content
        if b"zofka" in told.lower():
            named.add(path)
    assert named == {f"/col/badges/shared/{share.key}/"}
