"""What somebody may have us write to a stranger: plain words, nothing that can be clicked.

Whoever can make us send an e-mail with an address inside has a relay for advertisements and traps
under the name of the site. So words that programs for mail would turn into a link are refused.
"""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# ``scheme:…``, ``www…``, ``word.word`` with letters on both sides of any kind of full stop, and @.
# Looked for in one word after another, with nothing that can be tried in many ways: a text of any
# length takes a moment.
_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]{0,40}:/|www[.。．｡]|[@＠]|[^\W_][.。．｡][^\W\d_]{2}", re.IGNORECASE
)
# Marks that nobody sees, some of which turn text around.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
# These are not seen either, but emoji and Persian are written with them.
_JOINERS = re.compile("[\u200c\u200d]")


def check_visible(text: str) -> None:
    """A validator of Django: ValidationError for marks that are not seen or turn text around."""
    hidden = _INVISIBLE.search(text)
    if hidden:
        raise ValidationError(
            _(
                "Character %(position)s of this text cannot be seen. Delete it or type the text "
                "again."
            ),
            code="invisible-character",
            params={"position": hidden.start() + 1},
        )


def check_mailable(text: str) -> None:
    """The same, and for what looks like an address."""
    check_visible(text)
    words = _JOINERS.sub("", text).split()
    found = next((word for word in words if _ADDRESS.search(word)), None)
    if found:
        raise ValidationError(
            _(
                "Write this without web and e-mail addresses: “%(found)s” looks like one. If it "
                "is none, put a space after the full stop."
            ),
            code="address",
            params={"found": found[:60]},
        )
