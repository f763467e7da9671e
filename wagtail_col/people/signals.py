"""What other floors add to the rights of a person."""

from dataclasses import dataclass

from django.dispatch import Signal

#: A copy of all data is made. ``person``; ``add(path, content)`` puts a file of bytes into it.
taking_along = Signal()

#: An account is about to be deleted, inside the transaction that does it. ``person``. Raise to
#: stop it.
erasing = Signal()

#: Something optional is not allowed to somebody any more. ``person``, ``purposes`` (a set of
#: ``may.Purpose``): what is on for them has to end now.
no_longer_allowed = Signal()

#: Somebody looks at who sees what about them. ``person``; a receiver returns a list of ``Seen``:
#: who sees something because the person said yes to it, with the way to end that.
seen_now = Signal()


@dataclass(frozen=True)
class Seen:
    """``said``: who sees what, a sentence; ``url`` takes a POST that ends it, ``action`` is on the
    button."""

    said: str
    url: str
    action: str
