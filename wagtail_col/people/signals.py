"""What other floors add to the rights of a person."""

from django.dispatch import Signal

#: A copy of all data is made. ``person``; ``add(path, content)`` puts a file of bytes into it.
taking_along = Signal()

#: An account is about to be deleted, inside the transaction that does it. ``person``. Raise to
#: stop it.
erasing = Signal()

#: Something optional is not allowed to somebody any more. ``person``, ``purposes`` (a set of
#: ``may.Purpose``): what is on for them has to end now.
no_longer_allowed = Signal()
