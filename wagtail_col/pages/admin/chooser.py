"""Choosing an opportunity by words and by place, whatever language its page is in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import BooleanField, Case, Exists, F, OuterRef, QuerySet, Value, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser as views
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets import BaseChooser

from wagtail_col.catalogue.models import Listing, ListingText, Territory
from wagtail_col.catalogue.presenting import cards
from wagtail_col.catalogue.words import fold


class ListingFilterForm(BaseFilterForm):
    """Words of the title, the summary, the venue and the address; a territory and all below it."""

    q = forms.CharField(
        label=_("Words"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Title, venue or address")}),
    )
    place = forms.ChoiceField(
        label=_("Place"),
        required=False,
        widget=forms.Select(attrs={"data-chooser-modal-search-filter": True}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [("", _("Everywhere")), *_places()]

    def filter(self, objects: QuerySet[Listing]) -> QuerySet[Listing]:
        objects = super().filter(objects)
        words = fold(self.cleaned_data["q"]).split()
        if words:
            texts = ListingText.objects.filter(listing=OuterRef("pk"))
            for word in words:
                texts = texts.filter(folded__contains=word)
            objects = objects.filter(Exists(texts))
            self.is_searching = True
            self.search_query = self.cleaned_data["q"]
        if path := self.cleaned_data["place"]:
            objects = objects.filter(territory__path__startswith=path)
        return objects


def _places() -> list[tuple[str, str]]:
    """Published territories as a tree: paths and names, moved in for each floor."""
    territories = Territory.objects.published().defer("boundary").prefetch_related("texts")
    names = {one.path: (one.position, fold(str(one)), str(one)) for one in territories}

    def order(path: str) -> list:
        return [names.get(above, (0, above, ""))[:2] for above in _way(path)]

    return [
        (path, "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}" * (len(_way(path)) - 1) + names[path][2])
        for path in sorted(names, key=order)
    ]


def _way(path: str) -> list[str]:
    """The paths from the top to a path: ``a/b/`` → ``a/``, ``a/b/``."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[: n + 1]) + "/" for n in range(len(parts))]


class _Listings:
    """What both views of the list share. What is over stands last."""

    filter_form_class = ListingFilterForm
    results_template_name = "wagtail_col/pages/choose_listing_results.html"

    def get_object_list(self) -> QuerySet[Listing]:
        is_over = Case(
            When(ends_at__lt=timezone.now(), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
        return (
            Listing.objects.published()
            .annotate(is_over=is_over)
            .order_by("is_over", F("starts_at").asc(nulls_last=True), "pk")
        )

    @property
    def columns(self) -> list[Column]:
        return [
            *super().columns,
            Column("when", label=_("When"), accessor=lambda listing: listing.card.when),
            Column("where", label=_("Where"), accessor=_where),
            Column("kind", label=_("Kind"), accessor=lambda listing: listing.card.kind_label),
        ]

    def get_results_page(self, request: HttpRequest):
        page = super().get_results_page(request)
        page.object_list = list(page.object_list)
        for listing, card in zip(page.object_list, cards(page.object_list), strict=True):
            listing.card = replace(card, when=str(_("Over"))) if listing.is_over else card
        return page


def _where(listing: Listing) -> str:
    where = [listing.card.where] if listing.card.where else []
    if listing.card.is_online:
        where.append(str(_("Online")))
    return ", ".join(where)


class ChooseListingView(_Listings, views.ChooseView):
    pass


class ChooseListingResultsView(_Listings, views.ChooseResultsView):
    pass


class ChosenListingView(views.ChosenView):
    def get_object(self, pk: str) -> Listing:
        if not pk.isdecimal():
            raise Listing.DoesNotExist
        return Listing.objects.published().get(pk=pk)


class ListingChooser(BaseChooser):
    """The widget, with the style sheet of its list."""

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(css={"all": ["wagtail_col/css/admin/fields.css"]})


class ListingChooserViewSet(ChooserViewSet):
    """The chooser of every foreign key to a listing."""

    name = "col_listing_chooser"
    url_prefix = "learning/choose"
    model = Listing
    icon = "calendar-alt"
    choose_one_text = _("Choose an opportunity")
    choose_another_text = _("Choose another opportunity")
    per_page = 10
    base_widget_class = ListingChooser
    choose_view_class = ChooseListingView
    choose_results_view_class = ChooseListingResultsView
    chosen_view_class = ChosenListingView


listing_chooser = ListingChooserViewSet()
