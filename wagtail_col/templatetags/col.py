"""Template tags that every floor uses: icons."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of our icons, hidden from screen readers: the words beside it say what it means."""
    # A page has a hundred of them. Below another prefix the site has other addresses.
    return _drawn(name, settings.STATIC_URL)


@lru_cache(maxsize=256)
def _drawn(name: str, _static_url: str) -> SafeString:
    return format_html(
        '<svg class="col-icon" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("wagtail_col/icons.svg"),
        name,
    )
