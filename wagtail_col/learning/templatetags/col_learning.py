"""Template tags of a learner's way."""

from __future__ import annotations

from typing import Any

from django import template

from wagtail_col.learning.continuing import to_go_on

register = template.Library()


@register.inclusion_tag("wagtail_col/learning/go_on.html", takes_context=True)
def go_on(context: template.Context) -> dict[str, Any]:
    """``{% go_on %}``: the lines the reader is on and was at last; nothing for who is on none.

    It is one person's own: put it outside of ``{% for_everyone %}``.
    """
    return to_go_on(context.get("request"))
