from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField

from wagtail_col.catalogue.facts import ProviderFacts, Text
from wagtail_col.catalogue.models import Provider
from wagtail_col.catalogue.publishing import publish_provider, withdraw_provider
from wagtail_col.pages.sources import merged_texts
from wagtail_col.pages.types.base import RecordPageMixin, html, picture
from wagtail_col.pages.types.searched import SearchedPageMixin
from wagtail_col.pages.types.territory import TerritoryPageMixin
from wagtail_col.pages.views.provider import provider_context


class ProviderPageMixin(SearchedPageMixin, RecordPageMixin, models.Model):
    """An organisation that offers learning. Its opportunities are the pages below it."""

    holds_others = True
    learner_template = "wagtail_col/catalogue/provider.html"
    record_model = Provider

    description = RichTextField(
        _("description"), blank=True, features=["bold", "italic", "link", "ul", "ol"]
    )
    website = models.URLField(_("website"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Shown to the public."))
    logo = models.ForeignKey(
        "wagtailimages.Image",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo"),
    )

    content_panels = [
        FieldPanel("description"),
        FieldPanel("website"),
        FieldPanel("email"),
        FieldPanel("logo"),
    ]

    class Meta:
        abstract = True

    def get_provider(self) -> ProviderFacts:
        """What this page says of its provider."""
        territory = self.nearest(TerritoryPageMixin)
        return ProviderFacts(
            key=self.translation_key,
            texts=(
                Text(
                    language=self.language,
                    title=self.title,
                    description=html(self.description),
                    url=self.path_from_root,
                ),
            ),
            territories=(territory,) if territory else (),
            website=self.website,
            email=self.email,
            logo=picture(self.logo, "max-400x200"),
        )

    @classmethod
    def write_record(cls, key: UUID, pages: list) -> None:
        said = [page.get_provider() for page in pages]
        publish_provider(replace(said[0], key=key, texts=merged_texts(said)))

    @classmethod
    def withdraw_record(cls, key: UUID) -> None:
        withdraw_provider(key)

    def record_context(self, request: HttpRequest) -> dict | None:
        return provider_context(request, self.record_key)
