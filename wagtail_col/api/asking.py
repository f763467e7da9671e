"""What a learner is asked, and what they are shown of what they allowed, in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.functional import Promise

from wagtail_col.api.models import Application, Connection
from wagtail_col.api.scopes import LEARNERS, OFFLINE
from wagtail_col.badges.keys import shown_issuer
from wagtail_col.lines import LineColour


@dataclass(frozen=True)
class Wish:
    """One thing to allow or not. ``value``: its scopes; the older API's ask for the same."""

    value: str
    words: Promise
    is_lasting: bool

    @property
    def id(self) -> str:
        return f"col-allow-{'lasting' if self.is_lasting else self.value.rpartition('/')[2]}"


@dataclass(frozen=True)
class Face:
    """What stands for a wallet: its name is its own word, its host is a fact.

    Its logo is never fetched: that would tell the wallet who looks, and a picture can lie. A tile
    with the first letter of the host stands there.
    """

    name: str
    host: str
    letter: str
    colour: str
    policy_url: str
    terms_url: str


def is_something(scopes: Iterable[str]) -> bool:
    """Whether there is anything that can be done with these."""
    return any(scope != OFFLINE for scope in scopes)


def wishes(scopes: Iterable[str]) -> list[Wish]:
    """What these scopes mean, each thing once, in a fixed order."""
    asked = set(scopes)
    by_words: dict[str, list[str]] = {}
    for scope, words in LEARNERS.items():
        if scope in asked:
            by_words.setdefault(str(words), []).append(scope)
    return [
        Wish(" ".join(same), LEARNERS[same[0]], is_lasting=OFFLINE in same)
        for same in by_words.values()
    ]


def face(application: Application) -> Face:
    host = application.host
    name = host.removeprefix("www.")
    colours = LineColour.values
    return Face(
        name=application.name,
        host=host,
        letter=name[:1].upper(),
        colour=colours[sum(name.encode()) % len(colours)],
        policy_url=application.policy_uri,
        terms_url=application.tos_uri,
    )


def context(
    application: Application,
    scopes: Iterable[str],
    learner: AbstractBaseUser,
    connection: Connection | None,
) -> dict[str, Any]:
    """For the page that asks."""
    asked = wishes(scopes)
    return {
        "site": shown_issuer().name,
        "face": face(application),
        "wishes": [wish for wish in asked if not wish.is_lasting],
        "lasting": next((wish for wish in asked if wish.is_lasting), None),
        "account": account_of(learner),
        "connection": connection,
    }


def account_of(learner: AbstractBaseUser) -> str:
    """What the learner knows their account by."""
    email = getattr(learner, learner.get_email_field_name(), "")
    return email or learner.get_username()
