"""Being on lines without an account: what was done stays on the device, in a signed cookie.

The cookie holds the numbers of lines and steps and a random text, nothing about a person. Who
signs in takes it into the account, once; a short code takes it to another device.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256

from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_col.learning import codes, journey
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import CarriedProgress, Evidence, Playlist, Step, TakenOver
from wagtail_col.learning.recognising import get_on

logger = logging.getLogger(__name__)

COOKIE = "col_device"
SALT = "wagtail_col.learning.device"
#: The device forgets after this long without a change.
LIFETIME = timedelta(days=365)
#: Of the cookie; browsers take 4096 bytes with its name.
MOST_BYTES = 3600
#: A code for another device works this long.
CODE_LIFETIME = timedelta(minutes=30)
#: Letters of such a code: 40 bits, for half an hour, for one use.
CODE_LENGTH = 8

Lines = Mapping[int, frozenset[int]]


@dataclass(frozen=True)
class Device:
    """The lines somebody is on here, and the steps done on each: primary keys."""

    lines: Lines
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(9))

    def joined(self, playlist: int) -> Device:
        return self.merged({playlist: frozenset()})

    def finished(self, playlist: int, step: int) -> Device:
        return self.merged({playlist: frozenset({step})})

    def merged(self, lines: Lines) -> Device:
        """With these lines and steps besides its own."""
        both = dict(self.lines)
        for playlist, done in lines.items():
            both[playlist] = both.get(playlist, frozenset()) | done
        return Device(both, self.nonce)

    def without(self, playlist: int) -> Device:
        return Device({k: v for k, v in self.lines.items() if k != playlist}, self.nonce)


def read(request: HttpRequest) -> Device | None:
    """What the device says of itself; None when it says nothing, or it is in an account already.

    Never for who is logged in: the account holds. One query, none without the cookie.
    """
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return None
    device = _told(request)
    if device is None or TakenOver.objects.filter(device=_digest(device.nonce)).exists():
        return None
    return device


def write(request: HttpRequest, response: HttpResponseBase, device: Device) -> None:
    """Put it on the device. Refused, with the device as it was, when it is too much for it."""
    said = {"n": device.nonce, "l": {str(k): sorted(v) for k, v in device.lines.items()}}
    value = signing.dumps(said, salt=SALT, compress=True)
    if len(value) > MOST_BYTES:
        raise Refused(
            "device-full",
            _("This device cannot keep more without an account. Make one: it takes a minute."),
        )
    response.set_cookie(
        COOKIE,
        value,
        max_age=LIFETIME,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def forget(response: HttpResponseBase) -> None:
    """Take it off the device."""
    response.delete_cookie(COOKIE, samesite="Lax")


def signed_in(sender, *, request: HttpRequest | None, user: AbstractBaseUser, **kwargs) -> None:
    """After a log-in: what was done on the device is the account's from now on."""
    device = _told(request) if request is not None else None
    if device is None:
        return
    try:
        count = take_over(user, device)
    except Exception:
        # Nobody is kept out of their account by what their device says.
        logger.exception("What was done on a device could not be taken over.")
        return
    if count:
        messages.success(
            request, _("What you did on this device is in your account now."), fail_silently=True
        )


def take_over(learner: AbstractBaseUser, device: Device) -> int:
    """Join the device's lines and do its steps, once for each device: how many lines there were.

    All of it or nothing. Lines and steps that are no longer offered are left out.
    """
    with transaction.atomic():
        _row, is_first = TakenOver.objects.get_or_create(device=_digest(device.nonce))
        return add_to(learner, device.lines) if is_first else 0


def add_to(learner: AbstractBaseUser, lines: Lines) -> int:
    """Join the lines and do the steps that are offered; how many lines there were."""
    count = 0
    with transaction.atomic():
        for playlist in Playlist.objects.published().filter(pk__in=lines).order_by("pk"):
            get_on(learner, playlist)
            count += 1
            done = playlist.steps.published().filter(pk__in=lines[playlist.pk])
            for step in done.select_related("listing"):
                try:
                    journey.finish_step(learner, step, Evidence.SELF)
                except Refused:
                    continue
    return count


def finish_step(device: Device, step: Step) -> Device:
    """The device after the step was done on it. Refused as ``journey.finish_step`` does."""
    if step.playlist_id not in device.lines:
        raise journey.not_joined()
    journey.check(step, Evidence.SELF)
    return device.finished(step.playlist_id, step.pk)


def make_code(device: Device) -> str:
    """A code that brings this progress to another device, in two groups of letters."""
    code = codes.encode(secrets.token_bytes(10))[:CODE_LENGTH]
    clean()
    CarriedProgress.objects.create(
        code_hash=codes.digest(code),
        lines={str(k): sorted(v) for k, v in device.lines.items()},
        expires_at=timezone.now() + CODE_LIFETIME,
    )
    return f"{code[:4]}-{code[4:]}"


def clean() -> int:
    """Delete codes that ran out and digests of devices that forget by now; how many there were."""
    now = timezone.now()
    codes_deleted, _by_model = CarriedProgress.objects.filter(expires_at__lt=now).delete()
    digests, _by_model = TakenOver.objects.filter(at__lt=now - LIFETIME).delete()
    return codes_deleted + digests


def use_code(typed: str) -> Lines:
    """What came with a code, which is used up. Refused (wrong-code) when there is no such code."""
    with transaction.atomic():
        found = CarriedProgress.objects.filter(
            code_hash=codes.digest(codes.read(typed)), expires_at__gte=timezone.now()
        ).first()
        # Of two who use it at the same moment one deletes the row.
        if found is None or not CarriedProgress.objects.filter(pk=found.pk).delete()[0]:
            raise Refused(
                "wrong-code",
                _("There is no such code, or it is over. Make a new one on the other device."),
            )
    return _lines(found.lines)


def _told(request: HttpRequest) -> Device | None:
    value = request.COOKIES.get(COOKIE)
    if not value:
        return None
    try:
        said = signing.loads(value, salt=SALT, max_age=LIFETIME)
        return Device(_lines(said["l"]), str(said["n"]))
    except (signing.BadSignature, KeyError, TypeError, ValueError, AttributeError):
        return None


def _lines(said: Mapping[str, list[int]]) -> Lines:
    return {int(playlist): frozenset(map(int, done)) for playlist, done in said.items()}


def _digest(nonce: str) -> str:
    return sha256(nonce.encode()).hexdigest()
