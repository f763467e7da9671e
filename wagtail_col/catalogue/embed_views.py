"""The page that stands in frames of other websites, and the one that gives the line for it."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from wagtail_col.catalogue.conditional import same_for_everyone
from wagtail_col.catalogue.embedding import HIGHEST, LIST, LOWEST, MAP, Embed, page_of, policy
from wagtail_col.catalogue.finding import Find
from wagtail_col.catalogue.naming import named
from wagtail_col.catalogue.scoping import scoped_query, written
from wagtail_col.catalogue.search import BadQuery
from wagtail_col.catalogue.shortening import to_shorter
from wagtail_col.catalogue.views import refused
from wagtail_col.conf import languages, settings
from wagtail_col.language import in_chosen_language
from wagtail_col.shell import render_page

FOLDER = "wagtail_col/catalogue"


@require_safe
@xframe_options_exempt
@in_chosen_language
@same_for_everyone
def embed(request: HttpRequest) -> HttpResponse:
    """A search without the frame of the site: a list, or a map and a list. It reads no cookie and
    sets none, and takes nothing but questions."""
    context, status = {}, 200
    try:
        query = scoped_query(request.GET, request.catalogue_revision)
        shown = Embed.read(query, request.GET, translation.get_language())
        if shorter := to_shorter(request, query):
            return shorter
        context = {
            "embed": shown,
            "find": Find(query, request.catalogue_revision),
            "text": (query.territory or query.provider).text,
            "page": page_of(query),
            "search": named(query),
            "has_map": shown.show == MAP,
            "licence": settings.DATA_LICENCE,
        }
    except BadQuery as refusal:
        context, status = {"refusal": refusal}, 400
    response = render(request, f"{FOLDER}/embed.html", context, status=status)
    response["Content-Security-Policy"] = policy()
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@in_chosen_language
def embed_line(request: HttpRequest) -> HttpResponse:
    """Gives the line of HTML for a search; ``show``, ``height`` and ``in`` change it."""
    spoken = languages()
    language = request.GET.get("in") or translation.get_language()
    try:
        query = scoped_query(request.GET)
        if language not in spoken:
            raise BadQuery("in", _("It can be %s.") % ", ".join(spoken))
        chosen = Embed.read(query, request.GET, language)
    except BadQuery as refusal:
        return refused(request, refusal, reverse("col_catalogue:embed_line"))
    with translation.override(language):
        title = named(query).title
    context = {
        "chosen": chosen,
        "line": chosen.line(title),
        "search": named(query),
        "kept": parse_qsl(written(query)),
        "shows": [(LIST, _("List"))] + ([(MAP, _("Map and list"))] if query.territory else []),
        "languages": spoken.items(),
        "lowest": LOWEST,
        "highest": HIGHEST,
    }
    return render_page(request, f"{FOLDER}/embed_line.html", context)
