from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from wagtail_col.catalogue.models import Listing
from wagtail_col.catalogue.publishing import withdraw_listing
from wagtail_col.pages import syncing
from wagtail_col.pages.providers import ensure_team
from wagtail_col.pages.sources import ListingMixin
from wagtail_col.pages.types.provider import ProviderPageMixin


class Command(BaseCommand):
    help = (
        "Brings every record in line with its pages, and gives every provider its team: after "
        "installing this into a site that has pages already, or when something was changed past "
        "Wagtail. Safe to run at any time. Fails when a page could not be brought in line."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        failed = 0
        for model in syncing.source_models():
            keys = model.objects.order_by("depth", "pk").values_list("translation_key", flat=True)
            done = 0
            for key in dict.fromkeys(keys):
                try:
                    syncing.sync(model, key)
                    done += 1
                except ValidationError as error:
                    failed += 1
                    titles = model.objects.filter(translation_key=key).values_list("title", "pk")
                    pages = ", ".join(f"{title} (page {pk})" for title, pk in titles)
                    self.stderr.write(f"{pages}: {' '.join(error.messages)}")
            self.stdout.write(f"{model._meta.verbose_name_plural}: {done}")
            if issubclass(model, ProviderPageMixin):
                teams = [ensure_team(page) for page in model.objects.order_by("pk")]
                self.stdout.write(f"teams: {len({team.pk for team in teams if team})}")
        self.stdout.write(f"left without a page: {_withdraw_orphans()}")
        if failed:
            raise CommandError(f"{failed} could not be brought in line with their pages.")


def _withdraw_orphans() -> int:
    """Withdraw listings that say they come from pages when there is no such page."""
    keys: set = set()
    for model in syncing.source_models():
        if issubclass(model, ListingMixin):
            keys.update(model.objects.values_list("translation_key", flat=True))
    published = Listing.objects.published().filter(source="pages")
    orphans = [key for key in published.values_list("key", flat=True) if key not in keys]
    for key in orphans:
        withdraw_listing(key)
    return len(orphans)
