"""What stands around every page of the site: the city's name, its menu, its languages."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, get_language_info
from wagtail.models import Page, Site

from example_site.home.models import HomePage

register = template.Library()


@dataclass(frozen=True)
class Language:
    code: str
    name: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Frame:
    home: HomePage | None = None
    name: str = ""
    menu: list[Page] = field(default_factory=list)


@register.simple_tag(takes_context=True)
def site_frame(context: template.Context) -> Frame:
    """The home page in the reader's language (or in the site's own) and what is in its menu."""
    request = context.get("request")
    site = Site.find_for_request(request) if request else None
    if site is None:
        return Frame(name=settings.WAGTAIL_SITE_NAME)
    homes = {
        home.locale.language_code: home
        for home in HomePage.objects.filter(translation_key=site.root_page.translation_key)
        .live()
        .public()
        .select_related("locale")
    }
    home = homes.get(get_language()) or homes.get(settings.LANGUAGE_CODE)
    if home is None:
        return Frame(name=site.site_name or settings.WAGTAIL_SITE_NAME)
    menu = home.get_children().live().public().in_menu().defer_streamfields()
    return Frame(home=home, name=home.city_name, menu=list(menu))


@register.simple_tag(takes_context=True)
def site_languages(context: template.Context) -> list[Language]:
    """Every language of the site with the address of this page in it.

    A page that is not translated, and an address without a language, lead to the choice of one.
    """
    request: HttpRequest | None = context.get("request")
    page = context.get("page")
    translated = {}
    if isinstance(page, Page) and page.pk:
        translated = {
            other.locale.language_code: other.get_url(request)
            for other in page.get_translations(inclusive=True)
            .live()
            .public()
            .select_related("locale")
        }
    choice = reverse("language")
    if request:
        choice = f"{choice}?{urlencode({'next': request.get_full_path()})}"
    return [
        Language(
            code=code,
            name=get_language_info(code)["name_local"],
            url=translated.get(code) or choice,
            is_current=code == get_language(),
        )
        for code, _ in settings.LANGUAGES
    ]
