"""Sources of imports: what came of the last run, and repeating, running again, deleting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.log_actions import log as note

from wagtail_col.catalogue.importing import running
from wagtail_col.catalogue.importing.opening import fetch_file
from wagtail_col.catalogue.importing.origins import begun
from wagtail_col.catalogue.importing.refusing import ImportRefused, says
from wagtail_col.catalogue.models import ImportRun, ImportSource, Listing
from wagtail_col.catalogue.publishing import withdraw_listings
from wagtail_col.pages.admin.imports_views import PAGE, ImportView, sources_of, url


class SourcesView(ImportView):
    """Sources of which something was imported, with what came of the last run."""

    template_name = "wagtail_col/pages/imports_sources.html"
    page_title = gettext_lazy("Sources")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        last = ImportRun.objects.filter(source=OuterRef("pk")).order_by("-pk").values("pk")[:1]
        sources = begun(sources_of(self.request.user)).annotate(last=Subquery(last))
        page = Paginator(sources, PAGE).get_page(self.request.GET.get("p"))
        known = ImportRun.objects.defer("faults", "found").in_bulk([one.last for one in page])
        runs = [(source, known.get(source.last)) for source in page]
        rows = [(source, run, _figures(run)) for source, run in runs]
        return super().get_context_data(rows=rows, items=page, **kwargs)


def _figures(run: ImportRun | None) -> list[str]:
    """What came of a run, in a few words each."""
    if run is None:
        return []
    if run.refusal:
        return [says(run.refusal, run.refusal_values)]
    said: Iterable[tuple[int, str]] = (
        (run.new, _("%(count)s new")),
        (run.changed, _("%(count)s changed")),
        (run.same, _("%(count)s as before")),
        (run.withdrawn, _("%(count)s withdrawn")),
        (run.faulty, _("%(count)s with faults")),
        (run.doubles, _("%(count)s a second time")),
        (run.twins, _("%(count)s there already")),
    )
    return [words % {"count": count} for count, words in said if count]


class SourceView(ImportView):
    """Something that is done with one source."""

    @cached_property
    def source(self) -> ImportSource:
        return get_object_or_404(sources_of(self.request.user), key=self.kwargs["key"])


class RunNowView(SourceView):
    """Fetch it and look at it: nothing is imported before the editor says so."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        source = self.source
        if not source.url:
            return redirect(f"{url('choose')}?source={source.key}")
        try:
            file, hint = fetch_file(source.url)
        except ImportRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(url("sources"))
        run, _table = running.look(source, file, name=source.url, hint=hint)
        return redirect(url("run", run.key))


class RepeatView(SourceView):
    """Repeat it every day, or stop that."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        source, is_daily = self.source, request.POST.get("daily") == "yes"
        if is_daily and not source.url:
            messages.error(request, _("Only what stands at a web address can be repeated."))
            return redirect(url("sources"))
        source.is_daily = is_daily
        source.save(update_fields=["is_daily"])
        note(instance=source, action="wagtail.edit")
        said = (
            _("“%(source)s” is imported again every day.")
            if is_daily
            else _("“%(source)s” is no longer repeated. What is there stays.")
        )
        messages.success(request, said % {"source": source})
        return redirect(url("sources"))


class DeleteSourceView(SourceView):
    """Forget a source; what came from it stays, or is withdrawn if the editor says so."""

    template_name = "wagtail_col/pages/imports_source_delete.html"

    def get_page_title(self) -> str:
        return _("Delete “%(source)s”") % {"source": self.source}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        count = Listing.objects.published().filter(source=self.source.listing_source).count()
        return super().get_context_data(source=self.source, count=count, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        source = self.source
        with transaction.atomic():
            # Nobody is writing it, or they find that it is gone.
            ImportSource.objects.select_for_update().get(pk=source.pk)
            if "withdraw" in request.POST:
                _withdraw_all(source)
            note(instance=source, action="wagtail.delete")
            source.delete()
        messages.success(request, _("“%(source)s” is deleted.") % {"source": source})
        return redirect(url("sources"))


def _withdraw_all(source: ImportSource) -> None:
    rows = Listing.objects.published().filter(source=source.listing_source)
    while keys := list(rows.values_list("key", flat=True)[: running.BATCH]):
        withdraw_listings(keys)


patterns = [
    path("sources/", SourcesView.as_view(), name="sources"),
    path("sources/<uuid:key>/run/", RunNowView.as_view(), name="run_now"),
    path("sources/<uuid:key>/repeat/", RepeatView.as_view(), name="repeat"),
    path("sources/<uuid:key>/delete/", DeleteSourceView.as_view(), name="delete_source"),
]
