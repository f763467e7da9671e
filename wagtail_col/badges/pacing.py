"""How often somebody may make this site ask elsewhere: counted in the cache, for a minute."""

from __future__ import annotations

import contextlib
from ipaddress import IPv6Address, ip_address, ip_network

from django.core.cache import cache
from django.http import HttpRequest

from wagtail_col.vault import derive

SECONDS = 60


def is_too_often(what: str, who: object, most: int | None) -> bool:
    """Count one more of ``what`` for ``who``; whether it is beyond ``most`` a minute (None: any).

    A cache that forgets forgives: nothing here is a secret that could be guessed.
    """
    if most is None:
        return False
    key = _key(what, who)
    cache.add(key, 0, SECONDS)
    try:
        return cache.incr(key) > most
    except ValueError:
        # It ran out in between.
        return False


def forgive(what: str, who: object) -> None:
    """Take one back that was counted."""
    with contextlib.suppress(ValueError):
        cache.decr(_key(what, who))


def network(request: HttpRequest) -> str:
    """What a visitor is counted by: an IPv4 address, or the /64 that whoever has one IPv6 address
    has. X-Forwarded-For is theirs to write, so it does not count."""
    said = str(request.META.get("REMOTE_ADDR") or "")
    try:
        found = ip_address(said.partition("%")[0])
    except ValueError:
        return said
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(ip_network((int(found), 64), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)


def _key(what: str, who: object) -> str:
    return f"wagtail_col:pace:{what}:{derive('pace', str(who)).hex()}"
