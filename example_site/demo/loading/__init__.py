"""Loads the demo: one idea a module, in the order in which one needs the other."""

from datetime import date
from io import StringIO

from django.core.management import call_command
from django.db import transaction
from django.utils import translation
from wagtail.signal_handlers import disable_reference_index_auto_update

from example_site.demo.loading.badges import load_badges, load_issuer
from example_site.demo.loading.endorsements import load_endorsement, load_second_issuer
from example_site.demo.loading.family import load_family
from example_site.demo.loading.groups import load_group
from example_site.demo.loading.interests import load_interests
from example_site.demo.loading.journeys import load_codes, load_journeys, visited
from example_site.demo.loading.languages import load_about, load_homes
from example_site.demo.loading.listings import load_courses, load_events
from example_site.demo.loading.opportunities import load_slovenia, load_workshops
from example_site.demo.loading.people import join_teams, load_people
from example_site.demo.loading.playlists import load_playlists
from example_site.demo.loading.providers import load_providers, load_teams
from example_site.demo.loading.territories import load_territories
from example_site.demo.loading.tour import load_tour
from example_site.demo.loading.town_hall import load_town_hall
from example_site.home.models import HomePage
from wagtail_col.badges import skills


def is_loaded() -> bool:
    """Whether the demo (or somebody's own site) is there. Then nothing is touched any more."""
    return HomePage.objects.exists()


@transaction.atomic
def load(today: date) -> None:
    """Fill an empty site: all of it or nothing. Dates lie after ``today``."""
    # What refers to what is written down once at the end, not anew after each of the many saves.
    with translation.override("en"), disable_reference_index_auto_update():
        people = load_people()
        editor = people["editor"]
        homes = load_homes(editor)
        interests = load_interests()
        territories = load_territories(homes, editor)
        providers = load_providers(homes, territories, editor)
        load_teams(territories, providers, editor)
        # As on any site that had its pages before it became a node.
        call_command("rebuild_records", stdout=StringIO())
        load_town_hall(homes["en"], interests, today, editor)
        load_about(homes, editor)
        skills.load()
        workshops = load_workshops(providers, interests, today, editor, join_teams(people))
        listings = (
            workshops
            | load_events(today, visited())
            | load_courses()
            | load_slovenia(providers, interests, today, editor)
        )
        load_issuer()
        badges = load_badges(editor)
        load_second_issuer(editor)
        load_endorsement(badges, people["admin"])
        playlists = load_playlists(territories, listings, badges, editor)
        award = load_journeys(people, load_codes(editor))
        load_family(people)
        load_group(people)
        load_tour(homes, territories, playlists, award, editor)
    call_command("rebuild_references_index", verbosity=0)
