"""A connection to a public address, made before a deadline: what ``fetching`` stands on."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from contextlib import ExitStack, suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

#: Translates IPv4 for networks that have only IPv6 (RFC 6052): the IPv4 address inside counts.
NAT64 = IPv6Network("64:ff9b::/96")
#: Ways through which an IPv4 address can be reached by writing it as IPv6: all out of use.
EMBEDDING = tuple(ip_network(n) for n in ("::/96", "::ffff:0:0/96", "2001::/32", "2002::/16"))
#: Relays to those, and what older Pythons take for public.
NOT_PUBLIC = tuple(
    ip_network(n) for n in ("192.88.99.0/24", "64:ff9b:1::/48", "fec0::/10", "5f00::/16")
)


class Unconnected(Exception):
    """No connection was made; ``code`` says why (a key of ``fetching.MESSAGES``)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def connect(
    host: str, port: int, *, tls: bool, private: bool, deadline: float, stack: ExitStack
) -> socket.socket:
    """A connected socket, with TLS and the certificate checked against ``host`` when wanted.

    Whatever is done with it, it is cut off at ``deadline`` (``time.monotonic()``); leaving
    ``stack`` closes it. ``private``: the addresses need not be public. Raises Unconnected, and
    ssl.SSLError or OSError from TLS.
    """
    addresses = resolve(host, port, deadline)
    if not private and not all(is_public(address) for address in addresses):
        raise Unconnected("address")
    sock = stack.enter_context(_first_that_answers(addresses, port, deadline))
    _cut_at(deadline, sock, stack)
    if not tls:
        return sock
    context = ssl.create_default_context()
    return stack.enter_context(context.wrap_socket(sock, server_hostname=host))


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet, by whatever way it is written."""
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        if found in NAT64:
            return is_public(str(IPv4Address(int(found) & 0xFFFFFFFF)))
        if any(found in network for network in EMBEDDING):
            return False
    return (
        found.is_global
        and not found.is_multicast
        and not found.is_reserved
        and not any(found.version == n.version and found in n for n in NOT_PUBLIC)
    )


def resolve(host: str, port: int, deadline: float) -> list[str]:
    """The addresses of a name, looked up once. Raises Unconnected.

    A look-up cannot be given a time limit, so it is done in a thread that is left to itself.
    """
    found: list[str] = []
    failed: list[OSError | UnicodeError] = []

    def look_up() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            failed.append(error)
        else:
            found.extend(dict.fromkeys(str(answer[4][0]) for answer in answers))

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(max(0, deadline - time.monotonic()))
    if thread.is_alive():
        raise Unconnected("too-slow")
    if failed or not found:
        raise Unconnected("unresolved")
    return found


def _first_that_answers(addresses: list[str], port: int, deadline: float) -> socket.socket:
    """Each address gets its share of the time that is left."""
    for n, address in enumerate(addresses):
        left = deadline - time.monotonic()
        if left <= 0:
            break
        with suppress(OSError):
            return socket.create_connection((address, port), left / (len(addresses) - n))
    raise Unconnected("too-slow" if time.monotonic() >= deadline else "unreachable")


def _cut_at(deadline: float, sock: socket.socket, stack: ExitStack) -> None:
    """Time limits of a socket begin anew with each byte, so a slow drip would keep us waiting."""
    left = max(0.001, deadline - time.monotonic())
    sock.settimeout(left)
    # Its own handle of the same connection: TLS takes the first one over.
    handle = stack.enter_context(sock.dup())

    def cut() -> None:
        with suppress(OSError):
            handle.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(left, cut)
    timer.daemon = True
    timer.start()
    stack.callback(timer.cancel)
