"""Small pieces of a site for tests: a tree of live pages, learners, badges."""

from __future__ import annotations

from datetime import datetime, timedelta

import factory
from django.contrib.auth import get_user_model
from django.utils import timezone
from wagtail.models import Locale, Page, Site
from wagtail_factories import PageFactory

from wagtail_col.badges.models import Achievement, AchievementText
from wagtail_col.pages.standard.models import (
    OpportunityDate,
    OpportunityPage,
    PlaylistPage,
    PlaylistStep,
    ProviderPage,
    TerritoryPage,
)

#: A square of one degree around 40° N, 4° W.
SQUARE = (
    '{"type": "Polygon", "coordinates": '
    "[[[-4.5, 39.5], [-3.5, 39.5], [-3.5, 40.5], [-4.5, 40.5], [-4.5, 39.5]]]}"
)
INSIDE = "SRID=4326;POINT(-4.0 40.0)"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"learner{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")
    password = factory.django.Password("secret")


class AchievementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Achievement
        skip_postgeneration_save = True

    live = True
    text = factory.RelatedFactory(
        "tests.factories.AchievementTextFactory", factory_related_name="achievement"
    )


class AchievementTextFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AchievementText

    language = "en"
    name = "Explorer"
    description = "Knows the way around."
    criteria = "Did all the required steps."


def root() -> Page:
    """The root page of the default site, in English."""
    Locale.objects.get_or_create(language_code="en")
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site:
        return site.root_page
    page = PageFactory(parent=Page.objects.filter(depth=1).first(), title="Home", slug="home")
    Site.objects.create(hostname="testserver", root_page=page, is_default_site=True)
    return page


def publish(page: Page) -> Page:
    """Publish a page the way the editor's button does."""
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def territory_page(parent: Page | None = None, title: str = "City", **values) -> TerritoryPage:
    page = TerritoryPage(title=title, **({"boundary": SQUARE} | values))
    (parent or root()).add_child(instance=page)
    return publish(page)


def provider_page(parent: Page, title: str = "Library", **values) -> ProviderPage:
    page = ProviderPage(title=title, **values)
    parent.add_child(instance=page)
    return publish(page)


def opportunity_page(
    parent: Page,
    title: str = "Workshop",
    starts: datetime | None = None,
    dates: int = 1,
    live: bool = True,
    **values,
) -> OpportunityPage:
    starts = starts or timezone.now().replace(microsecond=0) + timedelta(days=3)
    page = OpportunityPage(title=title, live=live, **({"point": INSIDE} | values))
    page.dates = [
        OpportunityDate(
            starts_at=starts + timedelta(days=7 * n),
            ends_at=starts + timedelta(days=7 * n, hours=2),
        )
        for n in range(dates)
    ]
    parent.add_child(instance=page)
    return publish(page) if live else page


def playlist_page(
    parent: Page, steps: list[dict], title: str = "Line", live: bool = True, **values
) -> PlaylistPage:
    """``steps``: values of PlaylistStep each; ``listing`` may be an OpportunityPage, ``course`` an
    ``lti.Course``."""
    from wagtail_col.catalogue.models import Listing

    page = PlaylistPage(title=title, live=live, **values)
    parent.add_child(instance=page)
    rows = []
    for position, step in enumerate(steps):
        step = dict(step)
        if isinstance(step.get("listing"), OpportunityPage):
            step["listing"] = Listing.objects.get(key=step["listing"].translation_key)
        if step.get("course") is not None:
            step["course"] = getattr(step["course"], "key", step["course"])
        rows.append(PlaylistStep(sort_order=position, locale=page.locale, **step))
    page.steps = rows
    page.save()
    return publish(page) if live else page
