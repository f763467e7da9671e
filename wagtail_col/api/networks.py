"""Which network a request came from, without keeping its address.

REMOTE_ADDR alone: X-Forwarded-For is the sender's to write. A site behind a proxy sets REMOTE_ADDR
from what its own proxy says.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from django.http import HttpRequest

from wagtail_col.vault import derive


def network_of(request: HttpRequest) -> str:
    """A text that is the same for one network and says nothing about it: an IPv4 address, or the
    64 bits of IPv6 that one customer has. Empty when it is not known."""
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or ip_network((address, 64), strict=False)
    return derive("address", str(address)).hex()
