"""A learner's badges as their wallet gets them: those of this site, and those they brought.

Stored bytes go out as they are. An award is one credential, in its signed JSON, and as a token
too once it was made; what was brought has the form in which it came.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import F, QuerySet, Value

from wagtail_col.api import hosted
from wagtail_col.api.errors import Refused
from wagtail_col.api.models import Connection
from wagtail_col.api.paging import Page
from wagtail_col.badges import pacing
from wagtail_col.badges.addresses import badge_key
from wagtail_col.badges.importing import NotImportable, bring
from wagtail_col.badges.models import Award, ImportedBadge, ImportForm
from wagtail_col.conf import settings

_AWARD, _IMPORTED = 0, 1


@dataclass(frozen=True)
class Credentials:
    """One page. ``total``: of the whole list. Texts are JSON and compact JWS."""

    total: int
    documents: list[str]
    tokens: list[str]

    def as_json(self) -> str:
        """``GetOpenBadgeCredentialsResponse`` (Open Badges 3.0, B.4), stored bytes inside."""
        tokens = ",".join(f'"{token}"' for token in self.tokens)
        return f'{{"credential":[{",".join(self.documents)}],"compactJwsString":[{tokens}]}}'


def page_of_credentials(
    learner: AbstractBaseUser, page: Page, since: datetime | None = None
) -> Credentials:
    """The newest first: what was given or brought after ``since``. A few queries.

    Badges that were taken back are left out: whoever keeps them asks the status list.
    """
    forms = [ImportForm.OB3_JSON, ImportForm.OB3_JWT]
    total, rows = _listed(learner, forms, page, since)
    documents, tokens = [], []
    for row in rows:
        if isinstance(row, Award):
            document, token = row.credential, row.compact
        else:
            is_token = row.form == ImportForm.OB3_JWT
            document, token = ("", row.source) if is_token else (row.source, "")
        documents += [document] if document else []
        tokens += [token] if token else []
    return Credentials(total, documents, tokens)


def page_of_assertions(
    connection: Connection, page: Page, since: datetime | None = None
) -> tuple[int, list[dict]]:
    """The same as Open Badges 2.0, and how many there are. From now on the addresses of these
    assertions are open, for as long as the wallet is connected."""
    total, rows = _listed(connection.learner, [ImportForm.OB2], page, since)
    hosted.hand_over(connection, [row for row in rows if isinstance(row, Award)])
    return total, [
        hosted.assertion_document(row) if isinstance(row, Award) else json.loads(row.source)
        for row in rows
    ]


def put(learner: AbstractBaseUser, text: str) -> bool:
    """Keep a badge that a wallet sends, JSON or a token; whether it is a new one.

    One of this site's own, which its learner has here already, is taken as replaced by itself.
    Asks other hosts: not to be called inside a transaction. Raises ``NotImportable``, and Refused
    (429) when the learner, by whatever way, brings more a minute than the settings say.
    """
    if pacing.is_too_often("import", learner.pk, settings.CHECKS_PER_MINUTE_AND_ADDRESS):
        raise Refused(429, "too_often", "That were many badges in a short time. Wait a minute.")
    try:
        return bring(learner, text, replace=True)[1]
    except NotImportable as error:
        if error.code == "ours" and _has_here(learner, text):
            return False
        raise


def _has_here(learner: AbstractBaseUser, text: str) -> bool:
    """Whether this is one of the learner's awards, whatever spaces are between its members."""
    awards = Award.objects.filter(learner=learner)
    if awards.filter(compact=text).exists():
        return True
    try:
        sent = json.loads(text)
    except ValueError:
        return False
    found = badge_key(str(sent.get("id", "")))
    award = awards.filter(key=found[1]).first() if found else None
    return award is not None and json.loads(award.credential) == sent


def _listed(
    learner: AbstractBaseUser, forms: list[ImportForm], page: Page, since: datetime | None
) -> tuple[int, list[Award | ImportedBadge]]:
    """How many there are, and those of the page."""
    awards = Award.objects.filter(learner=learner, revoked_at=None, suspended_at=None)
    brought = ImportedBadge.objects.filter(learner=learner, form__in=forms)
    if ImportForm.OB2 in forms:
        # Signed ones of that version are no JSON.
        brought = brought.filter(source__startswith="{")
    if since is not None:
        awards, brought = awards.filter(awarded_at__gt=since), brought.filter(imported_at__gt=since)
    total = awards.count() + brought.count()
    everything = _rows(awards, _AWARD, "awarded_at").union(
        _rows(brought, _IMPORTED, "imported_at"), all=True
    )
    rows = everything.order_by("-at", "kind", "-row")[page.slice]
    places = [(row["kind"], row["row"]) for row in rows]
    found = {
        **_by_place(_AWARD, awards.select_related("achievement"), places),
        **_by_place(_IMPORTED, brought, places),
    }
    return total, [found[place] for place in places if place in found]


def _rows(badges: QuerySet, kind: int, at: str) -> QuerySet:
    return badges.order_by().values(kind=Value(kind), at=F(at), row=F("pk"))


def _by_place(kind: int, badges: QuerySet, places: list[tuple[int, int]]) -> dict:
    wanted = [pk for of_kind, pk in places if of_kind == kind]
    return {(kind, badge.pk): badge for badge in badges.filter(pk__in=wanted)}
