"""What an editor says of a playlist, before it becomes a record."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from wagtail_col.catalogue.facts import Text


@dataclass(frozen=True, kw_only=True)
class StepFacts:
    """A step: exactly one of ``listing`` (its key), ``link`` and ``course`` (its key).

    ``texts`` maps a language to (title, instruction); an empty title means the listing's own.
    ``pass_percent``: from which score on a course is done; None: when the provider says so.
    Steps with the same ``choice`` are alternatives: any one of them is enough.
    """

    key: UUID
    texts: dict[str, tuple[str, str]]
    listing: UUID | None = None
    link: str = ""
    course: UUID | None = None
    pass_percent: int | None = None
    minutes: int | None = None
    is_required: bool = True
    choice: int | None = None

    def check(self) -> None:
        if sum(map(bool, (self.listing, self.link, self.course))) != 1:
            raise ValidationError(
                {"steps": _("A step is one thing: an opportunity, a web link or an online course.")}
            )
        if self.pass_percent is not None and not 0 < self.pass_percent <= 100:
            raise ValidationError({"steps": _("A score to reach is between 1 and 100 percent.")})
        if self.link:
            URLValidator(schemes=["http", "https"])(self.link)
            if not any(title.strip() for title, _instruction in self.texts.values()):
                raise ValidationError({"steps": _("A step with a web link needs a title.")})


@dataclass(frozen=True, kw_only=True)
class PlaylistFacts:
    """A playlist; ``achievement`` is the key of the badge at its terminus.

    ``needed``: how many of the stations that count are enough; None: all. ``in_order``: one after
    another. ``before``: keys of the playlists to finish first. ``is_archived``: nobody joins it
    any more.
    """

    key: UUID
    texts: tuple[Text, ...]
    steps: tuple[StepFacts, ...]
    territory: UUID | None = None
    achievement: UUID | None = None
    colour: str = "teal"
    line_name: str = ""
    image: str = ""
    needed: int | None = None
    in_order: bool = False
    before: tuple[UUID, ...] = ()
    is_archived: bool = False

    def check(self) -> None:
        if not self.texts or not all(text.title.strip() for text in self.texts):
            raise ValidationError({"title": _("A title is needed in each language.")})
        for step in self.steps:
            step.check()
        if len({step.key for step in self.steps}) < len(self.steps):
            raise ValidationError({"steps": _("One step is there twice.")})
        if self.needed is not None and self.needed < 1:
            raise ValidationError({"needed": _("At least one station is needed.")})
