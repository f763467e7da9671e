"""What a copy of somebody's data has of badges: each as signed JSON and as a picture with the
badge inside, those brought as they came, and all of them on paper."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from wagtail_col.badges import pictures
from wagtail_col.badges.models import Award, ImportedBadge, ImportForm
from wagtail_col.badges.reasons import in_words
from wagtail_col.badges.record.printing import (
    MOST_LETTERS,
    Entry,
    NotPrintedError,
    Record,
    print_record,
)
from wagtail_col.badges.shelving import own_awards, own_imported, shelf
from wagtail_col.records import best_text

logger = logging.getLogger(__name__)


def add_badges(
    sender: type, person: AbstractBaseUser, add: Callable[[str, bytes], None], **kwargs: Any
) -> None:
    """A receiver of ``people.signals.taking_along``."""
    awards = (
        Award.objects.filter(learner=person)
        .select_related("achievement__picture")
        .prefetch_related("achievement__texts")
        .order_by("awarded_at", "pk")
    )
    for award in awards:
        text = best_text(award.achievement.texts.all(), award.language)
        name = _file_name(text.name if text else "", award.key)
        add(f"badges/{name}.json", award.credential.encode())
        add(f"badges/{name}.png", pictures.baked_png(award))
    brought = ImportedBadge.objects.filter(learner=person).order_by("imported_at", "pk")
    for badge in brought:
        ending = "jwt" if badge.form == ImportForm.OB3_JWT else "json"
        add(f"badges/{_file_name(badge.name, badge.key)}.{ending}", badge.source.encode())
    if awards or brought:
        try:
            add("record.pdf", print_record(_record(person), timezone.now()))
        except NotPrintedError:
            # The badges themselves are in the copy: better without the paper than no copy.
            logger.exception("The record of account %s could not be printed.", person.pk)


def _record(person: AbstractBaseUser) -> Record:
    shelved = shelf(own_awards(person), own_imported(person))
    reasons = dict(Award.objects.filter(learner=person).values_list("key", "because"))
    texts = {award.key: award.achievement.text for award in own_awards(person)}
    entries = []
    for item in shelved:
        text = texts.get(item.key)
        said = text.description if text else getattr(item.badge, "description", "")
        because = reasons.get(item.key)
        day = formats.date_format(timezone.localdate(item.day), "DATE_FORMAT") if item.day else ""
        entries.append(
            Entry(
                name=item.name,
                given=", ".join(filter(None, (item.issuer, day))),
                description=said[:MOST_LETTERS],
                shown=tuple(one.removeprefix("- ") for one in in_words(because)) if because else (),
                state=str(item.state),
            )
        )
    return Record(
        language=translation.get_language() or "en",
        title=_("My badges"),
        who=str(person.get_full_name()) if hasattr(person, "get_full_name") else "",
        lead=_("Made on %(day)s. Each badge is beside this page as a file that can be checked.")
        % {"day": formats.date_format(timezone.localdate(), "DATE_FORMAT")},
        entries=tuple(entries),
    )


def _file_name(name: str, key) -> str:
    """Of letters and digits: it has to work on any computer."""
    words = re.sub(r"[^\w]+", "-", name).strip("-_")[:60]
    return words or str(key)
