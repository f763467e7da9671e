"""What the tutorial's reader does, in the project they made. Run by ``test_tutorial.py``."""

import json
import os
from datetime import timedelta
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "city.settings.dev"
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import Site  # noqa: E402

from wagtail_col.badges import sharing  # noqa: E402
from wagtail_col.badges.models import Achievement, AchievementText, Award  # noqa: E402
from wagtail_col.catalogue.models import Listing  # noqa: E402
from wagtail_col.learning import claims  # noqa: E402
from wagtail_col.pages.standard.models import (  # noqa: E402
    OpportunityDate,
    OpportunityPage,
    PlaylistPage,
    PlaylistStep,
    ProviderPage,
    TerritoryPage,
)


def publish(parent, page):
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


def get(client, address, expect=200):
    response = client.get(address)
    assert response.status_code == expect, (address, response.status_code)
    return response.content.decode(errors="replace")


def post(client, address, data=None):
    response = client.post(address, data or {}, follow=True)
    assert response.status_code == 200, (address, response.status_code)
    return response.content.decode(errors="replace")


call_command("check", fail_level="WARNING")
call_command("migrate", verbosity=0)

home = Site.objects.get(is_default_site=True).root_page.specific
learner = get_user_model().objects.create_superuser("ana", "ana@example.org", "a-long-password")
stranger, client = Client(HTTP_HOST="localhost"), Client(HTTP_HOST="localhost")

town = publish(home, TerritoryPage(title="Little Town", boundary=Path("boundary.json").read_text()))
library = publish(town, ProviderPage(title="Town library"))
starts = timezone.now() + timedelta(days=2)
workshop = OpportunityPage(
    title="Repair a bicycle", kind="workshop", point="SRID=4326;POINT(14.51 46.05)", is_free=True
)
workshop.dates = [OpportunityDate(starts_at=starts, ends_at=starts + timedelta(hours=2))]
workshop = publish(library, workshop)
assert "Repair a bicycle" in get(stranger, town.url)
get(stranger, library.url)
assert "Repair a bicycle" in get(stranger, reverse("col_catalogue:opportunities"))
get(stranger, workshop.url)

badge = Achievement()
badge.texts = [
    AchievementText(
        language="en",
        name="Bicycle mechanic",
        description="Can keep a bicycle on the road.",
        criteria="By mending one.",
    )
]
badge.save()
badge.save_revision().publish()

listing = Listing.objects.get(key=workshop.translation_key)
line = PlaylistPage(title="Keep it rolling", achievement=badge)
line.steps = [
    PlaylistStep(listing=listing, locale=home.locale),
    PlaylistStep(
        link="https://en.wikipedia.org/wiki/Bicycle_gearing",
        title="Read about gears",
        minutes=20,
        locale=home.locale,
    ),
]
line = publish(town, line)
assert "Read about gears" in get(stranger, line.url)

# Who is not logged in is asked to, and lands on a page that is there.
mine = reverse("col_learning:mine")
answer = stranger.get(mine, follow=True)
assert answer.status_code == 200 and answer.redirect_chain, answer.redirect_chain

client.force_login(learner)
get(client, reverse("wagtailadmin_home"))
get(client, reverse("wagtailadmin_pages:edit", args=[workshop.pk]))
get(client, reverse("wagtailadmin_pages:edit", args=[line.pk]))
get(client, reverse("col_admin_codes", args=[workshop.pk]))
code = claims.make_code(listing, by=learner)

first, second = listing.steps.get(), None
playlist = first.playlist
second = playlist.steps.exclude(pk=first.pk).get()
post(client, reverse("col_learning:join", args=[playlist.key]))
post(client, reverse("col_learning:claim"), {"code": claims.text_of(code)})
assert not Award.objects.exists()
said = post(client, reverse("col_learning:done", args=[second.key]))
award = Award.objects.get()
assert award.get_absolute_url() in said
get(client, mine)

# Only its owner sees it, until they share it.
get(stranger, award.get_absolute_url(), 404)
assert "Bicycle mechanic" in get(client, award.get_absolute_url())
link = sharing.share(learner, [award])
assert "Bicycle mechanic" in get(stranger, reverse("col_badges:shared", args=[link.key]))
credential = get(stranger, reverse("col_badges:credential", args=[award.key]))
assert "ana" not in json.loads(credential)["credentialSubject"].values()
verify = reverse("col_badges:verify")


def verdict(text):
    """The page that says whether a file is genuine; field and button as on the form."""
    upload = SimpleUploadedFile("badge.json", text.encode(), "application/json")
    return stranger.post(verify, {"file": upload})


genuine = verdict(credential)
changed = verdict(credential.replace("Bicycle mechanic", "Bicycle mechanix"))
assert genuine.status_code == 200, genuine.status_code
assert genuine.content != changed.content
assert "col-verdict--good" in genuine.content.decode(), genuine.content.decode()
assert "col-verdict--good" not in changed.content.decode()
get(stranger, reverse("col_badges:site_did"))
print("verified")
