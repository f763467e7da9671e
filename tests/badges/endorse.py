"""Endorsements as the tests need them: asked for, answered, and what their link is."""

from urllib.parse import urlsplit

from wagtail_col.badges import endorsing
from wagtail_col.badges.endorsement_links import link
from wagtail_col.badges.models import Endorsement

ANSWER = {
    "organisation": "Nave Sur",
    "person": "Eva Ruiz, head of the workshop",
    "website": "https://navesur.example/",
    "comment": "She worked with us for a summer.\nWe would take her again any day.",
}


def asked(thing, by=None, **values) -> Endorsement:
    """A request that was sent."""
    by = by or thing.learner
    return endorsing.ask(
        thing, by=by, **{"email": "eva@navesur.example", "language": "en"} | values
    )


def given(thing, by=None, **values) -> Endorsement:
    """An endorsement that stands."""
    answer = {name: values.pop(name, text) for name, text in ANSWER.items()}
    return endorsing.give(asked(thing, by, **values), **answer)


def path_of(endorsement: Endorsement) -> str:
    """The path of the link in the e-mail."""
    return urlsplit(link(endorsement)).path


def again(endorsement: Endorsement) -> Endorsement:
    """The row as it is stored now, with what it is about."""
    return Endorsement.objects.select_related("award", "achievement", "issuer").get(
        pk=endorsement.pk
    )
