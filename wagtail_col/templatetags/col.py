"""Template tags that every floor uses: icons."""

from __future__ import annotations

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of our icons, hidden from screen readers: the words beside it say what it means."""
    return format_html(
        '<svg class="col-icon" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("wagtail_col/icons.svg"),
        name,
    )
