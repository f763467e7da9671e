"""Dates, prices, ages and durations in words, as one would say them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language_info, ngettext, pgettext
from django.utils.translation import gettext as _

_SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "PLN": "zł", "CZK": "Kč"}


def day_in_words(day: date, *, today: date | None = None) -> str:
    """``Today``, ``Tomorrow``, ``Sat 3 Oct``, with the year when it is another one."""
    today = today or timezone.localdate()
    if day == today:
        return _("Today")
    if day == today + timedelta(days=1):
        return _("Tomorrow")
    return full_day_in_words(day, today=today)


def full_day_in_words(day: date, *, today: date | None = None) -> str:
    """``Sat 3 Oct``, with the year when it is not this one."""
    today = today or timezone.localdate()
    # Translators: format of a day, see Django's date filter.
    same_year, other_year = pgettext("day", "D j M"), pgettext("day with year", "D j M Y")
    return date_format(day, same_year if day.year == today.year else other_year)


def time_in_words(moment: datetime) -> str:
    """``10:00`` in the site's time zone."""
    # Translators: format of a time, see Django's date filter.
    return date_format(timezone.localtime(moment), pgettext("time", "H:i"))


def date_in_words(
    starts_at: datetime,
    ends_at: datetime,
    *,
    all_day: bool = False,
    now: datetime | None = None,
    in_full: bool = False,
) -> str:
    """One date of a listing: ``Sat 3 Oct, 10:00``, ``until Thu 5 Nov``, ``Sat 3 to Thu 22 Oct``.

    ``in_full`` says both ends even when it is going on, and the time it ends. What ends within
    a day of its start is one evening, also when it ends after midnight.
    """
    now = now or timezone.now()
    today = timezone.localdate(now)
    first, last = timezone.localdate(starts_at), timezone.localdate(ends_at)
    several_days = first != last and (all_day or ends_at - starts_at >= timedelta(days=1))
    say = full_day_in_words if in_full else day_in_words
    if several_days:
        if starts_at <= now <= ends_at and not in_full:
            return _("until %(day)s") % {"day": full_day_in_words(last, today=today)}
        return _("%(first)s to %(last)s") % {
            "first": say(first, today=today),
            "last": full_day_in_words(last, today=today),
        }
    day = say(first, today=today)
    if all_day:
        return day
    if in_full and ends_at > starts_at:
        return _("%(day)s, %(start)s to %(end)s") % {
            "day": day,
            "start": time_in_words(starts_at),
            "end": time_in_words(ends_at),
        }
    return _("%(day)s, %(time)s") % {"day": day, "time": time_in_words(starts_at)}


def any_time_in_words(minutes: int | None = None) -> str:
    """What has no dates: ``Any time``, with how long it takes when that is known."""
    if minutes:
        return _("Any time, %(minutes)s") % {"minutes": minutes_in_words(minutes)}
    return _("Any time")


def more_dates_in_words(count: int) -> str:
    """``and 4 more dates``; empty for none."""
    if count < 1:
        return ""
    return ngettext("and %(count)s more date", "and %(count)s more dates", count) % {"count": count}


def minutes_in_words(minutes: int | None) -> str:
    """``40 minutes``, ``1 hour``, ``1 h 30 min``, ``12 hours``; empty when unknown."""
    if not minutes:
        return ""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("%(count)s minute", "%(count)s minutes", rest) % {"count": rest}
    if rest and hours < 10:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}
    hours = round(minutes / 60)
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}


def distance_in_words(km: float | None) -> str:
    """``300 m``, ``1.2 km``, ``14 km``; empty when unknown."""
    if km is None:
        return ""
    if km < 0.95:
        return _("%s m") % (max(1, round(km * 10)) * 100)
    return _("%s km") % number_format(km, 0 if km >= 9.95 else 1, use_l10n=True)


def price_in_words(is_free: bool | None, price: Decimal | None, currency: str = "EUR") -> str:
    """``Free``, ``€ 12``, ``€ 7.50``, ``Not free``; empty when unknown."""
    if is_free or (price is not None and price == 0):
        return _("Free")
    if price is None:
        return "" if is_free is None else _("Not free")
    decimals = 0 if price == int(price) else 2
    amount = number_format(price, decimals, use_l10n=True, force_grouping=True)
    # Translators: where the sign of the currency stands.
    return pgettext("price", "%(sign)s %(amount)s") % {
        "sign": _SYMBOLS.get(currency, currency),
        "amount": amount,
    }


def age_in_words(age_min: int | None, age_max: int | None) -> str:
    """``14 to 30``, ``from 65``, ``up to 12``; empty when there is no limit that we know."""
    lowest = age_min or None
    if lowest is None and age_max is None:
        return ""
    if age_max is None:
        return _("from %(age)s") % {"age": lowest}
    if lowest is None:
        return _("up to %(age)s") % {"age": age_max}
    if lowest == age_max:
        return str(lowest)
    return _("%(lowest)s to %(highest)s") % {"lowest": lowest, "highest": age_max}


def languages_in_words(codes: str) -> str:
    """``"es en"`` → ``Spanish, English`` in the reader's language; unknown codes as they are."""
    return ", ".join(_language(code) for code in codes.split())


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
