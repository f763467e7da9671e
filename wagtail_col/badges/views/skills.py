"""The page of a skill: what identifies a skill of the site's own, and which badges show it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from wagtail_col.badges.models import Achievement, Skill
from wagtail_col.badges.presenting import achievement_values
from wagtail_col.badges.skills import FRAMEWORKS, address_of, name_of
from wagtail_col.badges.views.finding import not_here, other_languages
from wagtail_col.language import in_chosen_language, lang_attribute
from wagtail_col.records import best_text
from wagtail_col.shell import render_page

#: Badges shown, the newest.
MOST_SHOWN = 60


@require_safe
@in_chosen_language
def skill(request: HttpRequest, pk: int) -> HttpResponse:
    """A skill by its number, also one of a framework: then with its address there."""
    found = Skill.objects.prefetch_related("names").filter(pk=pk).first()
    text = best_text(found.names.all()) if found else None
    if text is None:
        return not_here(request)
    achievements = (
        Achievement.objects.filter(skills__skill=found, live=True)
        .prefetch_related("texts")
        .order_by("-pk")
    )[:MOST_SHOWN]
    path = reverse("col_badges:skill", args=[pk])
    context = {
        "name": name_of(found),
        "text_lang": lang_attribute(text.language),
        "framework": FRAMEWORKS.get(found.framework, ""),
        "code": found.code,
        "address": address_of(found),
        "is_own": not found.uri,
        "achievements": [achievement_values(a) for a in achievements if a.text],
        "languages": other_languages(path, [name.language for name in found.names.all()]),
    }
    return render_page(request, "wagtail_col/badges/skill.html", context)
