"""What learners let wallets do: allow it, note its use, stop it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from oauth2_provider.models import get_access_token_model, get_refresh_token_model

from wagtail_col.api.models import Application, Connection, Grant
from wagtail_col.people.may import Purpose

#: How exactly the last use is kept.
USE_EVERY = timedelta(minutes=1)


def connect(
    learner: AbstractBaseUser, application: Application, scopes: Iterable[str]
) -> Connection:
    """Remember that the learner allows these scopes.

    Whoever allows less than before means it: what the wallet got before is revoked then.
    """
    allowed = list(dict.fromkeys(scopes))
    with transaction.atomic():
        Application.objects.filter(pk=application.pk).update(last_used_at=timezone.now())
        connection, _created = Connection.objects.select_for_update().get_or_create(
            learner=learner, application=application, defaults={"scope": " ".join(allowed)}
        )
        before = connection.scope.split()
        if not set(before) <= set(allowed):
            _revoke_tokens(learner, application)
        if before != allowed:
            connection.scope = " ".join(allowed)
            connection.save(update_fields=["scope"])
    return connection


def allows(connection: Connection | None, scopes: Iterable[str]) -> bool:
    """Whether the learner has allowed all of this already."""
    return connection is not None and set(scopes) <= set(connection.scope.split())


def find(learner: AbstractBaseUser, application: Application) -> Connection | None:
    return Connection.objects.filter(learner=learner, application=application).first()


def note_use(connection: Connection) -> None:
    """Keep when it was last used, to the minute."""
    now = timezone.now()
    Connection.objects.filter(
        Q(last_used_at=None) | Q(last_used_at__lt=now - USE_EVERY), pk=connection.pk
    ).update(last_used_at=now)


def note_use_by_system(application: Application) -> None:
    now = timezone.now()
    Application.objects.filter(
        Q(last_used_at=None) | Q(last_used_at__lt=now - USE_EVERY), pk=application.pk
    ).update(last_used_at=now)


def stop(connection: Connection) -> None:
    """From now on nothing of what the wallet has works, and its badges' open addresses close."""
    with transaction.atomic():
        _revoke_tokens(connection.learner, connection.application)
        connection.delete()


def stop_all(sender: type, person: AbstractBaseUser, purposes: set, **kwargs: Any) -> None:
    """A receiver of ``people.signals.no_longer_allowed``: no app of theirs gets in any more."""
    if Purpose.WALLETS in purposes:
        for connection in Connection.objects.filter(learner=person).select_related("application"):
            stop(connection)


def stop_system(application: Application) -> None:
    """From now on this system gives no badges: its tokens are gone and it gets none."""
    with transaction.atomic():
        Application.objects.filter(pk=application.pk, stopped_at=None).update(
            stopped_at=timezone.now()
        )
        get_access_token_model().objects.filter(application=application).delete()
    application.refresh_from_db(fields=["stopped_at"])


def _revoke_tokens(learner: AbstractBaseUser, application: Application) -> None:
    theirs = {"user": learner, "application": application}
    # Codes first: one that is being exchanged waits here, and is gone then.
    Grant.objects.filter(**theirs).delete()
    get_refresh_token_model().objects.filter(**theirs, revoked=None).update(revoked=timezone.now())
    get_access_token_model().objects.filter(**theirs).delete()
