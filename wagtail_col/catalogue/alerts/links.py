"""Links that stop alerts without logging in: whoever has the e-mail may stop what it is about.

They are signed and never expire. A link holds the learner's number or an alert's key, and says
nothing to who reads it.
"""

from __future__ import annotations

from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from wagtail_col.catalogue.models import Alert
from wagtail_col.conf import base_url

_SALT = "wagtail_col.catalogue.alerts"
_ALL, _ONE = "all", "one"


def stop_link(alert: Alert) -> str:
    """The complete address that stops one alert."""
    return _link(_ONE, alert.key.hex)


def stop_all_link(learner_id: object) -> str:
    """The complete address that stops all alerts of a learner."""
    return _link(_ALL, str(learner_id))


def read_link(token: str) -> tuple[str, UUID | None]:
    """The learner's number and None for all of their alerts, or "" and the key of one.

    Raises BadSignature for what we did not sign.
    """
    what = Signer(salt=_SALT).unsign_object(token)
    match what:
        case [str(kind), str(value)] if kind == _ALL:
            return value, None
        case [str(kind), str(value)] if kind == _ONE:
            return "", UUID(hex=value)
    raise BadSignature("not a link of ours")


def _link(kind: str, value: str) -> str:
    token = Signer(salt=_SALT).sign_object([kind, value])
    return base_url() + reverse("col_catalogue:stop_alerts", args=[token])
