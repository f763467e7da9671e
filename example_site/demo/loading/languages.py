"""The site, its languages and its home page in each of them."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from wagtail.models import Locale, Page, Site

from example_site.demo.loading import texts
from example_site.demo.loading.pages import publish, translate
from example_site.home.models import HomePage, StandardPage

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


def load_homes(by: User) -> dict[str, HomePage]:
    """A home page in each language; the English one is the site's root."""
    said = texts.site()["home"]
    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in LANGUAGES}
    root = Page.get_first_root_node()
    welcome = list(root.get_children())
    home = HomePage(
        slug="learning-city",
        locale=locales["en"],
        attribution=texts.attribution(),
        **said["en"],
    )
    homes = {"en": publish(root, home, by)}
    # Not saved: that would write every record anew, and there is none yet.
    Site.objects.filter(is_default_site=True).update(root_page=homes["en"])
    Site.clear_site_root_paths_cache()
    for page in welcome:
        page.delete()
    homes["en"].refresh_from_db()
    for code, locale in locales.items():
        if code not in homes:
            homes[code] = translate(
                homes["en"], locale, by, slug=f"learning-city-{code}", **said[code]
            )
    return homes


def load_about(homes: dict[str, HomePage], by: User) -> None:
    """The page that says whose data this is, in each language."""
    about = None
    for code, home in homes.items():
        said = texts.site()["about"][code]
        body = f"{said['body']}<h2>{said['sources']}</h2>{texts.sources(code)}"
        values = {"title": said["title"], "intro": said["intro"], "body": body}
        if about is None:
            about = publish(home, StandardPage(show_in_menus=True), by, slug="about", **values)
        else:
            translate(about, home.locale, by, **values)


def point_site_at(base_url: str) -> None:
    """Let Wagtail's site have the address it is reached at, which may be another one each time."""
    parts = urlsplit(base_url)
    address = {
        "hostname": parts.hostname,
        "port": parts.port or (443 if parts.scheme == "https" else 80),
        "site_name": settings.WAGTAIL_SITE_NAME,
    }
    changed = Site.objects.filter(is_default_site=True).exclude(**address).update(**address)
    if changed:
        Site.clear_site_root_paths_cache()
