"""What an editor does in Wagtail's admin, for tests: accounts and the forms as they are posted."""

from __future__ import annotations

import html
import re

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from tests import factories
from wagtail_col.pages.models import ProviderTeam


def superuser(name: str = "boss"):
    return get_user_model().objects.create_superuser(name, f"{name}@example.org", "secret")


def member_of(page, name: str = "ana"):
    """An account in the team of a provider's page."""
    user = factories.UserFactory(username=name)
    user.groups.add(ProviderTeam.objects.get(key=page.translation_key).group)
    return user


def moderator(name: str = "mod"):
    user = factories.UserFactory(username=name)
    user.groups.add(Group.objects.get(name="Moderators"))
    return user


def opportunity_form(dates: tuple = (), **values) -> dict:
    """The posted form of an opportunity; ``dates``: pairs of local time texts."""
    rows = [{"starts_at": start, "ends_at": end} for start, end in dates]
    return nested_form_data(
        {
            "title": "Workshop",
            "slug": "workshop",
            "kind": "workshop",
            "summary": "",
            "description": "null",
            "venue": "",
            "address": "",
            "point": "",
            "link": "",
            "course": "",
            "is_local": "on",
            "price": "",
            "currency": "EUR",
            "age_min": "",
            "age_max": "",
            "delivery_languages": "",
            "minutes": "",
            "image": "",
            "dates": inline_formset(rows),
            "comments": inline_formset([]),
        }
        | values
    )


def territory_form(**values) -> dict:
    return nested_form_data(
        {
            "title": "Town",
            "slug": "town",
            "kind": "city",
            "introduction": "",
            "boundary": "",
            "colour": "",
            "comments": inline_formset([]),
        }
        | values
    )


def provider_form(**values) -> dict:
    return nested_form_data(
        {
            "title": "Centre",
            "slug": "centre",
            "description": "null",
            "website": "",
            "email": "",
            "logo": "",
            "comments": inline_formset([]),
        }
        | values
    )


def playlist_form(steps: list[dict], initial: int = 0, **values) -> dict:
    """The posted form of a playlist; ``steps``: values of each step's form."""
    texts = (
        "listing",
        "link",
        "course",
        "pass_percent",
        "title",
        "instruction",
        "minutes",
        "choice",
    )
    empty = dict.fromkeys(texts, "")
    rows = [{**empty, "is_required": "on", **step} for step in steps]
    return nested_form_data(
        {
            "title": "Line",
            "slug": "line",
            "summary": "",
            "description": "null",
            "line_name": "",
            "colour": "teal",
            "achievement": "",
            "image": "",
            "steps": inline_formset(rows, initial=initial),
            "comments": inline_formset([]),
        }
        | values
    )


def errors(response) -> str:
    """All the messages beside fields on an editor's page, as text."""
    blocks = r'class="(?:error-message|w-field__errors)[^"]*".*?</(?:div|p|li)>'
    return html.unescape(" ".join(re.findall(blocks, response.content.decode(), re.DOTALL)))
