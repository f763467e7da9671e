"""How a floor declares what its tables hold about people. (GDPR, Art. 5, 13, 15, 17 and 30)

Each app has a module ``personal`` with a tuple ``PERSONAL`` of :class:`Holding`, one for each
model that leads to an account or holds somebody's address. ``people`` reads them all: the record
of processing activities, what a person is shown and takes along, what is deleted, and what is
cleaned in time come from there and from nowhere else. A test looks for models nobody declared. An
app of the site can declare its own, or declare one of ours anew: the last one counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: A text, mostly one that is translated when it is shown.
Text = str | Promise


class Basis(Enum):
    """Why it is lawful: the value is the letter of Art. 6(1) of the GDPR."""

    CONSENT = "a"
    CONTRACT = "b"
    OBLIGATION = "c"
    PUBLIC_TASK = "e"
    INTEREST = "f"

    @property
    def label(self) -> Promise:
        return _BASES[self]

    @property
    def article(self) -> str:
        return f"Art. 6(1)({self.value})"


_BASES = {
    Basis.CONSENT: _("the person agreed"),
    Basis.CONTRACT: _("it was agreed on with the person"),
    Basis.OBLIGATION: _("the law asks for it"),
    Basis.PUBLIC_TASK: _("it is a task of the public: learning for everybody"),
    Basis.INTEREST: _("somebody has a fair interest in it"),
}


class Erasure(Enum):
    """What becomes of a row when the person it is about is erased."""

    DELETE = "delete"
    ANONYMISE = "anonymise"
    KEEP = "keep"

    @property
    def label(self) -> Promise:
        return _ERASURES[self]


_ERASURES = {
    Erasure.DELETE: _("deleted"),
    Erasure.ANONYMISE: _("stays, without the person"),
    Erasure.KEEP: _("stays"),
}

#: Who somebody is to a row.
LEARNER = _("the learner")
STAFF = _("who works for the site or a provider")
#: Who sees it.
NOBODY = _("nobody")
ONLY_LEARNER = _("the learner")
ONLY_STAFF = _("who works for the site")
#: How long it stays.
WITH_ACCOUNT = _("until the account is deleted")
WITH_ITS_THING = _("for as long as what it belongs to")


@dataclass(frozen=True)
class Path:
    """One way from a row to a person.

    ``to`` is a lookup that ends at an account (``"award__learner"``), or with ``by_email`` a field
    that holds an e-mail address. ``fields`` are what the person is given of the row; None: all of
    it, for rows that are about this person alone. ``blanked`` are text fields that are emptied when
    the row stays; accounts are taken out by the database. ``why`` is needed for what is kept.
    """

    to: str
    who: Text = LEARNER
    erasure: Erasure = Erasure.DELETE
    fields: tuple[str, ...] | None = None
    by_email: bool = False
    blanked: tuple[str, ...] = ()
    why: Text = ""

    def __post_init__(self) -> None:
        if self.erasure is Erasure.KEEP and not self.why:
            raise ValueError(f"{self.to}: what is kept needs a reason.")
        if self.erasure is not Erasure.DELETE and self.fields is None:
            raise ValueError(f"{self.to}: say which fields of a shared row the person is given.")
        if self.by_email and self.erasure is Erasure.ANONYMISE and self.to not in self.blanked:
            raise ValueError(f"{self.to}: an address that is not blanked is not anonymous.")


@dataclass(frozen=True)
class Holding:
    """What one model holds about people, and why.

    ``model``: its label, ``"col_badges.Award"``. ``data``: which data, in plain words. ``kept``:
    how long. ``cleaned_by``: the dotted path of a function without arguments that takes out what is
    older. ``remains``: what is left of it after erasure, said before. ``paths``: nobody can be
    found from a row that has none. ``withheld``: fields with keys and secrets, which are never
    given out. ``unused``: fields of accounts that a library brings and nobody fills.
    ``organisations``: fields for addresses of organisations, not of people. ``own``: fields for
    addresses of whom a path leads to anyway.
    """

    model: str
    data: Text
    purpose: Text
    basis: Basis
    seen_by: Text
    kept: Text
    paths: tuple[Path, ...] = ()
    cleaned_by: str = ""
    remains: Text = ""
    withheld: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    organisations: tuple[str, ...] = field(default=())
    own: tuple[str, ...] = ()

    @property
    def erasure(self) -> Erasure:
        """What becomes of the rows of whom they are about in the first place."""
        return self.paths[0].erasure if self.paths else Erasure.KEEP
