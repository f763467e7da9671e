"""What another system may be allowed to do, and how that is said to a learner.

Sources: Open Badges 3.0, section 6.2.1; Open Badges 2.1, section 4 (scopes).
"""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from oauth2_provider.scopes import BaseScopes

_V3 = "https://purl.imsglobal.org/spec/ob/v3p0/scope/"
_V2 = "https://purl.imsglobal.org/spec/ob/v2p1/scope/"

CREDENTIALS_READ = _V3 + "credential.readonly"
CREDENTIALS_WRITE = _V3 + "credential.upsert"
PROFILE_READ = _V3 + "profile.readonly"
PROFILE_WRITE = _V3 + "profile.update"

V2_ASSERTIONS_READ = _V2 + "assertion.readonly"
V2_ASSERTIONS_WRITE = _V2 + "assertion.create"
V2_PROFILE_READ = _V2 + "profile.readonly"
V2_PROFILE_WRITE = _V2 + "profile.update"

#: Go on without the learner being there: with it there is a refresh token.
OFFLINE = "offline_access"

#: A provider's own system gives badges.
ISSUE = "badges:issue"

_SEE_BADGES = _("See your badges and keep copies of them")
_ADD_BADGES = _("Add badges to your passport here")
_SEE_YOU = _("See your name and your e-mail address")
_CHANGE_YOU = _("Change your name here")

#: What a learner can allow, in the order it is asked.
LEARNERS: dict[str, Promise] = {
    CREDENTIALS_READ: _SEE_BADGES,
    CREDENTIALS_WRITE: _ADD_BADGES,
    PROFILE_READ: _SEE_YOU,
    PROFILE_WRITE: _CHANGE_YOU,
    V2_ASSERTIONS_READ: _SEE_BADGES,
    V2_ASSERTIONS_WRITE: _ADD_BADGES,
    V2_PROFILE_READ: _SEE_YOU,
    V2_PROFILE_WRITE: _CHANGE_YOU,
    OFFLINE: _("Do this also when you are not here"),
}
V3 = (CREDENTIALS_READ, CREDENTIALS_WRITE, PROFILE_READ, PROFILE_WRITE)
V2 = (V2_ASSERTIONS_READ, V2_ASSERTIONS_WRITE, V2_PROFILE_READ, V2_PROFILE_WRITE)
SYSTEMS: dict[str, Promise] = {ISSUE: _("Give and take back the badges of its organisation")}


def learners_scopes(text: str) -> list[str]:
    """Of the scopes in a space-separated text those that a learner can allow, each once."""
    asked = set(text.split())
    return [scope for scope in LEARNERS if scope in asked]


class Scopes(BaseScopes):
    """Which scopes there are, and which of them an application may ask for."""

    def get_all_scopes(self) -> dict[str, Any]:
        return {**LEARNERS, **SYSTEMS}

    def get_available_scopes(self, application=None, request=None, *args, **kwargs) -> list[str]:
        if application is None:
            return list(self.get_all_scopes())
        return list(SYSTEMS) if application.is_system else learners_scopes(application.scope)

    def get_default_scopes(self, application=None, request=None, *args, **kwargs) -> list[str]:
        """A wallet has to say what it wants."""
        return list(SYSTEMS) if application is not None and application.is_system else []
