"""Identities of the demo's things: the same on every machine and after every reset."""

from uuid import NAMESPACE_URL, UUID, uuid5

_NAMESPACE = uuid5(NAMESPACE_URL, "https://example.org/learning-city-of-madrid")


def key(kind: str, slug: str) -> UUID:
    """The key of a "territory", "provider", "event", "course", "playlist", "step" or "badge"."""
    return uuid5(_NAMESPACE, f"{kind}/{slug}")
