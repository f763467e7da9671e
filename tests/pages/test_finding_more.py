"""What people filter by, as an editor ticks it."""

import pytest
from django.urls import reverse

from tests import factories
from tests.pages import editing
from wagtail_col.badges.models import Skill, SkillName
from wagtail_col.catalogue.models import Listing
from wagtail_col.pages.standard.models import OpportunityPage

pytestmark = pytest.mark.django_db
DATES = (("2030-05-04 10:00", "2030-05-04 12:00"),)


@pytest.fixture
def coding() -> Skill:
    skill = Skill(framework="esco", uri="http://esco/1")
    skill.names = [SkillName(language="en", name="write programs")]
    skill.save()
    return skill


def post(client, page, **values):
    form = editing.opportunity_form(DATES, slug=page.slug) | values | {"action-publish": "1"}
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)


def test_ticked_skills_and_accessibility_are_the_listings(client, coding):
    page = factories.opportunity_page(factories.territory_page())
    client.force_login(editing.superuser())
    shown = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "write programs" in shown
    assert "Hearing loop" in shown
    answer = post(client, page, skills=[coding.pk], accessibility=["quiet", "toilet"])
    assert answer.status_code == 302
    listing = Listing.objects.get(key=page.translation_key)
    assert listing.accessibility == "toilet quiet"
    skill = listing.skills.get()
    assert (skill.uri, skill.framework, str(skill)) == ("http://esco/1", "ESCO", "write programs")
    assert OpportunityPage.objects.get(pk=page.pk).accessibility == "quiet toilet"


def test_what_is_not_in_the_list_is_refused(client, coding):
    page = factories.opportunity_page(factories.territory_page(), accessibility="quiet")
    client.force_login(editing.superuser())
    answer = post(client, page, accessibility=["stairs"])
    assert answer.status_code == 200
    assert "There is no “stairs” in the list of what helps." in answer.content.decode()
    assert Listing.objects.get(key=page.translation_key).accessibility == "quiet"
