"""A playlist on paper, in the active language."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import segno
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wagtail_col.badges.art.palette import LINES
from wagtail_col.badges.certificate.printing import typeset
from wagtail_col.badges.models import Achievement
from wagtail_col.conf import base_url
from wagtail_col.learning import presenting
from wagtail_col.learning.models import Playlist
from wagtail_col.learning.presenting import StationView
from wagtail_col.learning.reading import how_many
from wagtail_col.learning.stops import Stop, lines_of
from wagtail_col.lines import LineColour

_FOLDER = Path(__file__).parent / "page"

#: What there is: A4 upright, and A4 across, folded twice.
FORMS = ("poster", "card")
#: Letters of a text: more does not fit beside a code.
MOST_LETTERS = 220


def pdf_of(playlist: Playlist, form: str, at: datetime | None = None) -> bytes:
    """The PDF, tagged for who listens to it. ``form``: one of ``FORMS``; ``at``: when it was made.

    It says what the playlist's page says to everybody, and nothing of anybody. Raises
    ``CannotPrintError``. A constant number of queries.
    """
    at = at or timezone.now()
    line = lines_of([playlist])[playlist.pk]
    progress = presenting.progress_on(line)
    stations = presenting.stations(line, progress, None)
    text = playlist.text
    known = playlist.colour in LineColour.values
    colour, _bright = LINES[playlist.colour if known else LineColour.TEAL.value]
    home = f"{base_url()}{text.url}" if text and text.url else base_url()
    files = {"line.svg": _code(home)}
    shown = [_station(station, files) for station in stations]
    badge = Achievement.objects.filter(pk=playlist.achievement_id, live=True).first()
    values = {
        "language": translation.get_language(),
        "line": colour,
        "name": playlist.line_name,
        "title": text.title if text else "",
        "summary": _cut(text.summary) if text else "",
        "takes": presenting.in_words(line, progress, joined=False),
        "rule": how_many(progress.rule),
        "address": home,
        "stations": shown,
        "badge": str(badge) if badge else "",
        "words": {
            "made": _("As of %(day)s") % {"day": date_format(timezone.localdate(at))},
            "who": _("This card belongs to"),
            "stamp": _("Stamp"),
            "scan": _(
                "Scan the code of a station to open it. The stamp is for you: it reminds "
                "you where you have been."
            ),
            "code": _("QR code that leads to the station"),
            "line_code": _("QR code that leads to the line"),
            "terminus": _("Terminus"),
        },
    }
    return typeset(_FOLDER, f"{form}.typ", files, values, at)


def _station(station: StationView, files: dict[str, bytes]) -> dict:
    return {
        "number": "+" if station.number is None else str(station.number),
        "says": station.says,
        "choice": station.is_choice,
        "stops": [_stop(view.stop, files) for view in station.stops],
    }


def _stop(stop: Stop, files: dict[str, bytes]) -> dict:
    name = f"step-{stop.pk}.svg"
    files[name] = _code(f"{base_url()}{reverse('col_learning:step', args=[stop.key])}")
    when = "" if stop.has_passed else stop.when
    where = stop.where or (_("Online") if stop.is_online else "")
    return {
        "title": stop.title,
        "facts": [fact for fact in (when, where, stop.takes, stop.price) if fact],
        "instruction": _cut(stop.instruction),
        "code": name,
    }


def _code(address: str) -> bytes:
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False)
    return drawn.getvalue()


def _cut(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1].rstrip() + "…"
