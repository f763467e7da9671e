"""A search inside of another website: what it shows, who may show it, and the line for it."""

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from tests.catalogue import making
from tests.catalogue.reading import html, inside
from wagtail_col.catalogue.facts import Text
from wagtail_col.catalogue.models import Listing
from wagtail_col.catalogue.publishing import publish_listings, withdraw_listing

pytestmark = pytest.mark.django_db

EMBED, LINE = "/col/embed/", "/col/embed/line/"


def policy(response) -> dict[str, list[str]]:
    said = response["Content-Security-Policy"].split("; ")
    return {name: sources for name, *sources in (part.split() for part in said)}


def links(page: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'<a [^>]*href="([^"]+)"', page)]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict]] = []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def line_of(client, **params) -> dict:
    """The attributes of the frame that the screen gives."""
    page = html(client, f"{LINE}?{'&'.join(f'{k}={v}' for k, v in params.items())}")
    tags = Tags()
    tags.feed(unescape(re.search(r'id="col-line" readonly value="([^"]+)"', page)[1]))
    [(tag, attributes)] = tags.found
    assert tag == "iframe"
    return attributes


class TestTheFrame:
    @pytest.fixture
    def url(self, city):
        making.interest("music")
        making.listing("Guitar", interests=("music",), territory=inside(city), attribution="City")
        making.listing("Painting", territory=inside(city))
        return f"{EMBED}?territory={inside(city).key}&interest=music"

    @pytest.mark.parametrize("show", ["list", "map"])
    def test_it_shows_the_search(self, client, url, show):
        page = html(client, f"{url}&show={show}")
        assert "Guitar" in page
        assert "Painting" not in page
        assert ("data-col-map" in page) is (show == "map")
        assert "Where this comes from:" in page
        assert page.count("<h1") == 1

    def test_others_may_show_it_and_nothing_else(self, client, city, url):
        response = client.get(url)
        assert policy(response)["frame-ancestors"] == ["'self'", "*"]
        assert "X-Frame-Options" not in response
        for other in (city.url, f"{LINE}?{urlsplit(url).query}"):
            assert client.get(other)["X-Frame-Options"] == "DENY"

    def test_the_site_says_who_may(self, client, url, settings):
        allowed = ["https://library.example", "x; script-src *", "https://*.school.example"]
        settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "EMBED_ON": allowed}
        said = policy(client.get(url))
        assert said["frame-ancestors"] == ["'self'", allowed[0], allowed[2]]
        assert said["script-src"] == ["'self'"]

    def test_nothing_is_loaded_from_elsewhere(self, client, url, settings):
        said = policy(client.get(url))
        assert said["default-src"] == ["'none'"]
        assert said["form-action"] == ["'none'"]
        allowed = {source for name, sources in said.items() for source in sources}
        assert allowed == {"'none'", "'self'", "data:", "*", "http://testserver"}
        page = html(client, f"{url}&show=map")
        for tag, name in (("script", "src"), ("img", "src"), ("link", "href")):
            for source in re.findall(rf'<{tag} [^>]*{name}="([^"]+)"', page):
                assert source.startswith("/static/"), source
        tiles = {"url": "https://{s}.tiles.example/{z}/{x}/{y}.png", "attribution": "T"}
        settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "MAP_TILES": tiles}
        assert "https://*.tiles.example" in policy(client.get(url))["img-src"]

    def test_no_cookie_is_set_for_anybody(self, client, django_user_model, url):
        assert not client.get(f"{url}&show=map").cookies
        client.force_login(django_user_model.objects.create_user("ana"))
        response = client.get(url)
        assert not response.cookies
        assert "ana" not in response.content.decode()
        assert response["Cache-Control"] == "public, max-age=30"

    def test_links_open_in_the_whole_window_and_lead_to_the_site(self, client, city, url):
        making.listing(
            "Far", interests=("music",), territory=inside(city), is_local=False, is_online=True
        )
        page = html(client, f"{url}&show=map")
        base = re.search(r'<base href="([^"]+)" target="_top">', page)[1]
        assert base == f"http://testserver{city.url}"
        assert 'target="_self"' not in page
        assert links(page)
        for link in links(page):
            address = urljoin(base, link)
            assert address.startswith("http://testserver/"), link
            path = address.removeprefix("http://testserver")
            assert client.get(path, follow=True).status_code == 200, link

    def test_what_is_withdrawn_is_gone(self, client, url):
        first = client.get(url)
        withdraw_listing(Listing.objects.get(texts__title="Guitar").key)
        again = client.get(url, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 200
        assert "Guitar" not in again.content.decode()

    def test_a_cache_hears_that_nothing_changed(self, client, url, monkeypatch):
        from wagtail_col.catalogue import conditional

        now = conditional.timezone.now()
        monkeypatch.setattr(conditional.timezone, "now", lambda: now)
        first = client.get(url)
        again = client.get(url, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        # A cache that keeps headers of the 304 must keep who may show it.
        assert again.headers.get("X-Frame-Options") is None

    @pytest.mark.parametrize(
        "wrong", ["show=x", "height=9", "height=x", "height=²", "height=" + "9" * 5000, "age=old"]
    )
    def test_what_makes_no_sense_is_refused_in_the_frame(self, client, url, wrong):
        for address in (f"{url}&{wrong}", f"{LINE}?{urlsplit(url).query}&{wrong}"):
            assert client.get(address).status_code == 400
        assert 'href="' not in html(client, f"{url}&{wrong}", 400).split("</head>")[1]

    def test_a_search_of_nowhere_is_refused(self, client, url):
        for address in (EMBED, LINE):
            assert client.get(address).status_code == 400

    def test_only_reading(self, client, url):
        assert client.post(url).status_code == 405

    def test_hostile_titles_stay_titles(self, client, city, url):
        making.listing(making.HOSTILE, interests=("music",), territory=inside(city))
        page = html(client, url)
        assert "<img src=x" not in page
        assert "<script>alert" not in page


def test_the_same_queries_for_two_and_twenty(client, city):
    url = f"{EMBED}?territory={inside(city).key}&show=map"
    counts = []
    html(client, url)
    for many in (2, 18):
        publish_listings([making.facts(f"{many} {n}", territory=inside(city)) for n in range(many)])
        with CaptureQueriesContext(connection) as queries:
            assert f">{many} 0<" in html(client, url)
        counts.append(len(queries))
    assert counts[0] == counts[1] < 50


class TestTheLine:
    def test_it_leads_to_the_frame(self, client, city):
        making.interest("music")
        key = inside(city).key
        said = line_of(client, territory=key, interest="music", show="map", height=800)
        assert said["src"] == (
            f"http://testserver/col/embed/?territory={key}&interest=music&show=map&lang=en"
        )
        assert (said["height"], said["width"], said["loading"]) == ("800", "100%", "lazy")
        assert "Music" in said["title"]
        assert client.get(said["src"].removeprefix("http://testserver")).status_code == 200

    def test_it_is_in_the_language_that_was_chosen(self, client):
        texts = (Text(language="en", title="Hill"), Text(language="sl", title="Hrib"))
        town = making.territory(texts=texts)
        said = line_of(client, territory=town.key, **{"in": "sl"})
        assert said["title"] == "Hrib"
        assert said["src"].endswith("&lang=sl")
        assert client.get(f"{LINE}?territory={town.key}&in=tlh").status_code == 400

    def test_hostile_names_end_no_attribute(self, client):
        town = making.territory(texts=(Text(language="en", title='"><script>alert(1)</script>'),))
        said = line_of(client, territory=town.key)
        assert said["title"] == '"><script>alert(1)</script>'
        assert list(said) == ["src", "title", "width", "height", "loading", "style"]

    def test_a_provider_has_a_list(self, client):
        library = making.provider()
        making.listing("Guitar", provider=library)
        said = line_of(client, provider=library.key)
        page = html(client, said["src"].removeprefix("http://testserver"))
        assert "Guitar" in page
        assert client.get(f"{LINE}?provider={library.key}&show=map").status_code == 400

    def test_the_page_of_a_search_leads_here(self, client, city):
        making.interest("music")
        page = html(client, f"{city.url}?interest=music")
        (link,) = [link for link in links(page) if link.startswith(LINE)]
        assert link == f"{LINE}?territory={inside(city).key}&interest=music"
        with override_settings(LANGUAGE_CODE="en"):
            assert "Music" in html(client, link)
