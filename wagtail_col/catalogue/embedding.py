"""A search inside of another website: the line of HTML for it, and what browsers are told of it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.conf import settings as django_settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from wagtail_col.catalogue.scoping import written
from wagtail_col.catalogue.search import BadQuery, Query
from wagtail_col.conf import base_url, settings

LIST, MAP = "list", "map"
#: Pixels a frame may be high; a phone in upright position shows about 800.
LOWEST, HIGHEST, USUAL = 200, 3000, 640


@dataclass(frozen=True)
class Embed:
    """How a search is shown: ``show`` is the list, or the map above the list."""

    query: Query
    language: str
    show: str = LIST
    height: int = USUAL

    @classmethod
    def read(cls, query: Query, params: QueryDict, language: str) -> Embed:
        """From ``?show=…&height=…``; BadQuery for what makes no sense, and for a search without a
        place or a provider, which no page shows."""
        if query.territory is None and query.provider is None:
            raise BadQuery("territory", _("Say which territory."))
        show = params.get("show") or LIST
        if show not in (LIST, MAP):
            raise BadQuery("show", _("It can be %s.") % f"{LIST}, {MAP}")
        if show == MAP and query.territory is None:
            raise BadQuery("show", _("A provider is shown as a list."))
        height = params.get("height") or str(USUAL)
        if not (height.isascii() and height.isdigit() and LOWEST <= int(height[:6]) <= HIGHEST):
            raise BadQuery(
                "height",
                _("The height is a number from %(lowest)s to %(highest)s.")
                % {"lowest": LOWEST, "highest": HIGHEST},
            )
        return cls(query, language, show, int(height))

    @property
    def address(self) -> str:
        """The complete address of the page inside the frame."""
        more = [("show", self.show)] if self.show != LIST else []
        string = urlencode([*more, ("lang", self.language)])
        return f"{base_url()}{reverse('col_catalogue:embed')}?{written(self.query)}&{string}"

    def line(self, title: str) -> str:
        """The line of HTML. ``title`` tells screen readers what the frame holds."""
        return format_html(
            '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy" '
            'style="border:0"></iframe>',
            self.address,
            title,
            self.height,
        )


def page_of(query: Query) -> str:
    """The complete address of the page that shows the search's territory or provider; of the site
    where it has none. Links inside the frame lead from there."""
    text = (query.territory or query.provider).text
    return f"{base_url()}{text.url if text and text.url else '/'}"


def policy() -> str:
    """The content security policy of the page inside the frame. It alone may stand in frames of
    other websites: of those in ``EMBED_ON``."""
    own = ["'self'", *_hosts(django_settings.STATIC_URL)]
    pictures = [*own, "data:", *_hosts(django_settings.MEDIA_URL, base_url())]
    if settings.MAP_TILES:
        pictures += _hosts(settings.MAP_TILES["url"].replace("{s}", "*"))
    directives = {
        "default-src": ["'none'"],
        "script-src": own,
        "style-src": own,
        "font-src": own,
        "img-src": pictures,
        "connect-src": ["'self'", *_hosts(base_url())],
        "form-action": ["'none'"],
        # Links lead from the page that shows the search, see ``page_of``.
        "base-uri": ["'self'", *_hosts(base_url())],
        "frame-ancestors": ["'self'", *filter(_is_safe, settings.EMBED_ON)],
    }
    return "; ".join(f"{name} {' '.join(dict.fromkeys(all_))}" for name, all_ in directives.items())


def _hosts(*urls: str | None) -> list[str]:
    """Scheme and host of those that name one; what would end a directive is left out."""
    parts = [urlsplit(url or "") for url in urls]
    hosts = [f"{part.scheme or 'https'}://{part.netloc}" for part in parts if part.netloc]
    return list(filter(_is_safe, hosts))


def _is_safe(source: str) -> bool:
    return not set(source) & set(" ;,'\"")
