"""Whether an address that a tool gave is one that people and messages may be sent to."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

LONGEST = 2000

#: A host goes into headers: no sign that means something there.
_HOST = re.compile(r"[\w.:-]+")


def fault(value: Any, http_hosts: Collection[str] = ()) -> str:
    """What is wrong with an address, shortly and without repeating all of it; "" when nothing is.

    It has to be absolute, of https (or http and one of ``http_hosts``, "host" or "host:port"),
    without name, password and fragment, and look the same to every program that reads it.
    """
    if not isinstance(value, str) or not value:
        return "none"
    if len(value) > LONGEST:
        return f"{len(value)} characters"
    if any(ord(c) <= 32 or ord(c) == 127 or c in '\\<>"^`{|}' for c in value):
        return "a space or a sign that no address has"
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "unreadable"
    if parts.scheme not in ("http", "https"):
        return f"{parts.scheme[:20]}:" if parts.scheme else "not a complete address"
    if not _HOST.fullmatch(host) or port == 0:
        return "no host"
    if "@" in parts.netloc:
        return "a name or password in it"
    if "#" in value:
        return "a part after #"
    names = {host, f"[{host}]", f"{host}:{port or 80}", f"[{host}]:{port or 80}"}
    plain = any(name.lower() in names for name in http_hosts)
    return "" if parts.scheme == "https" or plain else f"http://{host[:100]}"
