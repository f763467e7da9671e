"""Why a badge was given, as it is kept with the award and told to whoever sees the badge.

``because`` is a plain value::

    {"by": one of ``BY``, "title": what it was for (a line, an event), "url": complete address,
     "playlist": key, "rule": what the line asked for, "version": the number of that rule,
     "steps": [{"title", "how": "code|self|organiser|score", "at": ISO date-time}],
     "assessed": one of ``ASSESSED``, "badges": [{"name", "url"}]}

It is part of what is signed and shown, so it holds no name and no address of a person.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wagtail_col.badges.texts import one_line
from wagtail_col.badges.wording import how_it_was_shown

#: Which way led to the badge.
BY = ("playlist", "opportunity", "code", "evidence", "list", "hand", "badges", "system")
#: Who looked at it, as a role; "rule": nobody had to.
ASSESSED = ("organiser", "peer", "self", "rule")

#: More parts than any line has; what a credential can carry is limited.
MOST_PARTS = 100
MOST_LETTERS = 200

_FOR = {
    "playlist": gettext_lazy("Finished the line “%s”."),
    "opportunity": gettext_lazy("Took part in “%s”."),
    "code": gettext_lazy("Was at “%s” and entered the organiser’s code."),
    "evidence": gettext_lazy("Sent in what shows it, for “%s”."),
    "list": gettext_lazy("The organiser gave this badge for “%s”."),
    "hand": gettext_lazy("The organiser gave this badge for “%s”."),
    "badges": gettext_lazy("Has the badges that “%s” asks for:"),
    "system": gettext_lazy("The organiser’s own system reported it, for “%s”."),
    "": gettext_lazy("For “%s”."),
}
_FOR_NOTHING_NAMED = {
    "code": gettext_lazy("Entered the organiser’s code."),
    "evidence": gettext_lazy("Sent in what shows it."),
    "list": gettext_lazy("The organiser gave this badge."),
    "hand": gettext_lazy("The organiser gave this badge."),
    "badges": gettext_lazy("Has the badges that this one asks for:"),
    "system": gettext_lazy("The organiser’s own system reported it."),
}
_LOOKED_AT = {
    "organiser": gettext_lazy("The organiser looked at it."),
    "peer": gettext_lazy("Somebody who has this badge looked at it."),
    "self": gettext_lazy("The learner assessed it."),
}


def clean(because: dict[str, Any]) -> dict[str, Any]:
    """Only what belongs into it, as plain lines of text that can be signed; all parts are there.

    A missing ``by`` is ``playlist`` when there is one, else empty.
    """
    playlist = one_line(str(because.get("playlist") or ""))
    return {
        "by": _one_of(BY, because.get("by")) or ("playlist" if playlist else ""),
        "title": one_line(str(because.get("title") or ""), MOST_LETTERS),
        "url": _web_address(because.get("url")),
        "playlist": playlist,
        "rule": one_line(str(because.get("rule") or ""), MOST_LETTERS),
        "version": _number(because.get("version")),
        "steps": [
            {
                "title": one_line(str(step.get("title") or ""), MOST_LETTERS),
                "how": one_line(str(step.get("how") or "")),
                "at": one_line(str(step.get("at") or "")),
            }
            for step in because.get("steps") or []
        ],
        "assessed": _one_of(ASSESSED, because.get("assessed")),
        "badges": [
            {
                "name": one_line(str(badge.get("name") or ""), MOST_LETTERS),
                "url": _web_address(badge.get("url")),
            }
            for badge in because.get("badges") or []
        ],
    }


def in_words(because: dict[str, Any]) -> list[str]:
    """What was done and how it was shown, in the active language: plain text, a line a fact."""
    because = clean(because)
    lines = [
        *_what_for(because),
        *([_("What the line asked for: %s") % because["rule"]] if because["rule"] else []),
        *([because["url"]] if because["url"] else []),
        *_listed([_step_in_words(step) for step in because["steps"][:MOST_PARTS]]),
        *_more(
            len(because["steps"]),
            lambda more: ngettext("And %s more step.", "And %s more steps.", more),
        ),
        *_listed([_badge_in_words(badge) for badge in because["badges"][:MOST_PARTS]]),
        *_more(
            len(because["badges"]),
            lambda more: ngettext("And %s more badge.", "And %s more badges.", more),
        ),
    ]
    # A list, a code or a report says that the organiser gave it, not that somebody looked.
    if because["by"] in ("evidence", "") and because["assessed"] in _LOOKED_AT:
        lines.append(str(_LOOKED_AT[because["assessed"]]))
    return lines or [_("Earned as the criteria say.")]


def moment_of(step: dict[str, Any]) -> datetime | None:
    """When a step was done: aware, or None when that is not known."""
    try:
        moment = parse_datetime(step.get("at") or "")
    except ValueError:
        return None
    return timezone.make_aware(moment) if moment and timezone.is_naive(moment) else moment


def _what_for(because: dict[str, Any]) -> list[str]:
    if because["title"]:
        return [str(_FOR[because["by"]]) % because["title"]]
    said = _FOR_NOTHING_NAMED.get(because["by"])
    return [str(said)] if said else []


def _step_in_words(step: dict[str, Any]) -> str:
    moment = moment_of(step)
    parts: list[str | Promise] = [step["title"] or _("A step"), how_it_was_shown(step["how"])]
    if moment:
        parts.append(formats.date_format(timezone.localdate(moment), "DATE_FORMAT"))
    return " – ".join(str(part) for part in parts)


def _badge_in_words(badge: dict[str, Any]) -> str:
    name = badge["name"] or _("A badge")
    return f"{name} – {badge['url']}" if badge["url"] else name


def _listed(parts: list[str]) -> list[str]:
    return [f"- {part}" for part in parts]


def _more(count: int, say) -> list[str]:
    more = count - MOST_PARTS
    return [say(more) % more] if more > 0 else []


def _one_of(known: tuple[str, ...], value: Any) -> str:
    return value if value in known else ""


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _web_address(url: Any) -> str:
    """``url`` when it is an http(s) address: it is shown as a link."""
    url = str(url or "")
    return one_line(url) if url.startswith(("https://", "http://")) else ""
