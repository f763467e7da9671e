"""The record of processing activities (GDPR, Art. 30) and the retention table, from the registry.

In the active language. What is declared together (the same purpose and basis) is one activity.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from wagtail_col.conf import settings
from wagtail_col.people.registry import holdings
from wagtail_col.personal import Erasure, Holding


@dataclass(frozen=True)
class Activity:
    """What data is used for: one row of the record."""

    purpose: str
    basis: str
    article: str
    people: list[str]
    data: list[str]
    seen_by: list[str]
    kept: list[str]


def activities() -> list[Activity]:
    """By purpose and basis, in the order in which they are declared."""
    together: dict[tuple[str, str], list[Holding]] = {}
    for holding in holdings().values():
        together.setdefault((str(holding.purpose), holding.basis.value), []).append(holding)
    return [
        Activity(
            purpose=purpose,
            basis=str(found[0].basis.label),
            article=found[0].basis.article,
            people=_once(str(path.who) for one in found for path in one.paths),
            data=_once(str(one.data) for one in found),
            seen_by=_once(str(one.seen_by) for one in found),
            kept=_once(str(one.kept) for one in found),
        )
        for (purpose, _basis), found in together.items()
    ]


def markdown() -> str:
    """The whole record as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield f"# {_('Record of processing activities')}"
    yield ""
    yield _("Made from what the site stores. (GDPR, Article 30)")
    yield ""
    yield from _controller()
    yield f"## {_('What data is used for')}"
    yield ""
    yield _row(
        _("purpose"),
        _("lawful because"),
        _("of whom"),
        _("which data"),
        _("who sees it"),
        _("kept"),
    )
    yield _row(*["---"] * 6)
    for one in activities():
        yield _row(
            one.purpose,
            f"{one.basis} ({one.article})",
            "; ".join(one.people) or _("nobody who can be found from it"),
            "; ".join(one.data),
            "; ".join(one.seen_by),
            "; ".join(one.kept),
        )
    yield ""
    yield f"## {_('How long it is kept, and what erasing does')}"
    yield ""
    yield _row(_("table"), _("kept"), _("cleaned by"), _("when a person is erased"))
    yield _row(*["---"] * 4)
    for holding in holdings().values():
        cleaned = f"`{holding.cleaned_by}`" if holding.cleaned_by else ""
        yield _row(f"`{holding.model}`", str(holding.kept), cleaned, _erasing(holding))
    yield ""
    yield f"## {_('Where it goes, and how it is kept safe')}"
    yield ""
    for line in (
        _("Nothing is loaded from other hosts, and nothing is passed on without the person’s yes."),
        _("Apps and course providers that a person lets in get what the person allowed."),
        _("Keys and secrets are stored encrypted or as hashes; links cannot be guessed."),
        _("Where the servers are, and who runs them, is for the site to add here."),
    ):
        yield f"- {line}"


def _controller() -> Iterator[str]:
    given = settings.CONTROLLER or {}
    yield f"## {_('Who is responsible')}"
    yield ""
    for key, label in (
        ("name", _("controller")),
        ("contact", _("contact")),
        ("officer", _("data-protection officer")),
    ):
        yield f"- {label}: {_cell(given.get(key) or _('to be filled in (the setting CONTROLLER)'))}"
    yield ""


def _erasing(holding: Holding) -> str:
    """What becomes of the rows, for each who a row can be about."""
    if not holding.paths:
        return _("nobody can be found from it")
    says = []
    for path in holding.paths:
        said = f"{path.who}: {path.erasure.label}"
        says.append(f"{said} ({path.why})" if path.erasure is Erasure.KEEP else said)
    remains = [_("remains: %(what)s") % {"what": holding.remains}] if holding.remains else []
    return "; ".join(_once([*says, *remains]))


def _row(*cells: str) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(text: str) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


def _once(texts) -> list[str]:
    return list(dict.fromkeys(texts))
