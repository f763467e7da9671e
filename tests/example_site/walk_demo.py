"""Run inside a loaded demo: what is there and what its pages answer, as JSON on the last line.

python walk_demo.py, with the example site's settings in the environment.
"""

import json
import re
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import Page  # noqa: E402

from example_site.events.models import EventPage  # noqa: E402
from example_site.home.models import HomePage  # noqa: E402
from wagtail_col.badges.models import Achievement, Award  # noqa: E402
from wagtail_col.badges.verifying import verify_text  # noqa: E402
from wagtail_col.catalogue.models import Kind, Listing, Provider, Territory  # noqa: E402
from wagtail_col.catalogue.presenting import url_of  # noqa: E402
from wagtail_col.learning.groups import groups_of  # noqa: E402
from wagtail_col.learning.models import (  # noqa: E402
    ClaimCode,
    Completion,
    Enrolment,
    Playlist,
    Step,
    StepKind,
)
from wagtail_col.pages.standard.models import OpportunityPage, PlaylistPage  # noqa: E402
from wagtail_col.people.copying import zipped  # noqa: E402
from wagtail_col.people.walking import undeclared_everywhere  # noqa: E402


def counts() -> dict:
    events = Listing.objects.published().filter(source="datos.madrid.es")
    madrid = Territory.objects.get(texts__name="Madrid", texts__language="en")
    return {
        "events": events.count(),
        "events with a place": events.exclude(map_point=None).count(),
        "events in a district": events.filter(territory__kind="district").count(),
        "events that are not over": events.filter(ends_at__gt=timezone.now()).count(),
        "events that have begun": events.filter(starts_at__lt=timezone.now()).count(),
        "kinds": sorted(set(Listing.objects.values_list("kind", flat=True)) & set(Kind.values)),
        "courses": Listing.objects.published().filter(is_online=True, is_local=False).count(),
        "districts": madrid.children.filter(kind="district", boundary__isnull=False).count(),
        "providers": Provider.objects.published().count(),
        "written here": OpportunityPage.objects.live().filter(locale__language_code="en").count(),
        "town hall": EventPage.objects.live().count(),
        "town hall on the map": Listing.objects.exclude(map_point=None)
        .filter(key__in=EventPage.objects.values("translation_key"))
        .count(),
        "playlists": Playlist.objects.published().filter(territory=madrid).count(),
        "steps that are links": Step.objects.filter(kind=StepKind.LINK).count(),
        "local steps without a code": Step.objects.filter(
            listing__is_local=True, listing__claim_codes=None
        ).count(),
        "badges": Achievement.objects.filter(live=True, issuer=None).exclude(outline=None).count(),
        "awards": Award.objects.count(),
        "joined": sorted(Enrolment.objects.values_list("learner__username", flat=True).distinct()),
        "done": sorted(Completion.objects.values_list("learner__username", flat=True).distinct()),
    }


def slovenia() -> dict:
    region = Territory.objects.get(texts__name="Osrednjeslovenska regija")
    city = region.children.get()
    playlist = Playlist.objects.published().get(territory=city)
    pages = PlaylistPage.objects.live().filter(translation_key=playlist.key)
    steps = [sorted(str(step.translation_key) for step in page.steps.all()) for page in pages]
    return {
        "quarters": city.children.count(),
        "languages": sorted(playlist.texts.values_list("language", flat=True)),
        "badge": sorted(playlist.achievement.texts.values_list("language", flat=True)),
        "same steps": len(pages) == 2 and steps[0] == steps[1] and len(steps[0]) > 3,
        "steps": playlist.steps.count(),
        "urls": sorted(playlist.texts.values_list("url", flat=True)),
    }


def group() -> dict:
    """What the organiser of the youth group is shown when they ask who was there."""
    organiser = User.objects.get(username="nave")
    found = groups_of(organiser).get()
    client = Client(headers={"host": "127.0.0.1:8000"})
    client.force_login(organiser)
    address = reverse("col_groups:attendance", args=[found.key])
    choices = client.get(address).content.decode()
    steps = re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)', choices)
    step = steps[0][0]
    rows = client.get(address, {"step": step, "all": "1"}).content.decode()
    waiting = re.findall(r'name="who" value="([^"]+)" checked', rows)
    saved = client.post(address, {"step": step, "who": waiting}, follow=True).content.decode()
    return {
        "may confirm": [title for _key, title in steps],
        "waiting": len(waiting),
        "saved": saved,
    }


def answers() -> dict:
    """Status of every page that the tours lead to, and of one of each other type."""
    client = Client(headers={"host": "127.0.0.1:8000"})
    paths = {"/", "/en/", "/sl/", "/es/", "/en/about/", "/sl/about/", "/sitemap.xml"}
    for home in HomePage.objects.all():
        paths |= {link.path for link in home.tour_links.all()}
    for event in EventPage.objects.all()[:1]:
        paths |= {event.url, event.get_parent().url}
    listing = Listing.objects.published().filter(source="datos.madrid.es").first()
    paths |= {url_of(listing), f"{url_of(listing)}calendar.ics"}
    for records in (
        Playlist.objects.all(),
        Territory.objects.all()[:2],
        Provider.objects.all()[:2],
    ):
        paths |= {text.url for record in records for text in record.texts.all()}
    found = {}
    for path in sorted(paths):
        response = client.get(path)
        body = b"".join(response) if response.streaming else response.content
        found[path] = {"status": response.status_code, "body": body.decode("utf-8", "replace")}
    return found


def sitemap(index: str) -> str:
    """All that the sitemap's index leads to."""
    client = Client(headers={"host": "127.0.0.1:8000"})
    parts = re.findall(r"<loc>http://127.0.0.1:8000([^<]+)</loc>", index)
    return "".join(client.get(part).content.decode() for part in parts)


def names(pages: dict) -> dict:
    """On which pages each learner's name or address stands."""
    found = {}
    for user in User.objects.filter(groups=None, is_superuser=False):
        words = {user.get_full_name(), user.last_name, user.email}
        found[user.username] = sorted(
            path for path, page in pages.items() if any(word in page["body"] for word in words)
        )
    return found


def main() -> None:
    pages = answers()
    award = Award.objects.get()
    home = pages["/en/"]["body"]
    report = {
        "counts": counts(),
        "slovenia": slovenia(),
        "status": {path: page["status"] for path, page in pages.items()},
        "names": names(pages),
        "group": group(),
        "verify page": reverse("col_badges:verify_badge", args=[award.key]),
        "badge page": reverse("col_badges:shared", args=[award.shares.get().key]),
        "valid": verify_text(award.credential).ok,
        "home": home,
        "tour": re.findall(r'href="([^"]+)"', home[home.index('id="tour"') :].split("</nav>")[0]),
        "sitemap": sitemap(pages["/sitemap.xml"]["body"]),
        "codes": ClaimCode.objects.count(),
        "pages": Page.objects.count(),
        "undeclared": sorted({missing.model for missing in undeclared_everywhere()}),
        "copy": ZipFile(BytesIO(zipped(User.objects.get(username="ana")))).namelist(),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
