"""Importing opportunities: choose a file, look at what would happen, import, and the history.

Editors of the whole site import for everybody; the people of a provider for that provider alone.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.viewsets.base import ViewSet
from wagtail.log_actions import log as note

from wagtail_col.catalogue.importing import going_on, origins, pieces, reporting, running
from wagtail_col.catalogue.importing.refusing import ImportRefused, says
from wagtail_col.catalogue.models import (
    ImportRun,
    ImportSource,
    ImportTwin,
    RunState,
    Verdict,
)
from wagtail_col.pages.admin import imports_sources
from wagtail_col.pages.admin.imports_forms import ChooseForm, MappingForm
from wagtail_col.pages.admin.imports_views import (
    NAME,
    PAGE,
    ImportersMenuItem,
    ImportView,
    is_editor,
    providers_of,
    sources_of,
    url,
)

#: Seconds that a request works at an import before it answers.
AT_START, A_POLL, WITHOUT_SCRIPT = 1.0, 2.0, 10.0


class IndexView(ImportView):
    """What was imported, the newest first."""

    template_name = "wagtail_col/pages/imports_index.html"
    page_title = gettext_lazy("Import")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        runs = ImportRun.objects.filter(source__in=sources_of(self.request.user))
        runs = runs.select_related("source").defer("faults", "found").order_by("-pk")
        page = Paginator(runs, PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(runs=page, **kwargs)


class ChooseView(ImportView):
    """A file, an address or a pasted text: looked at at once, nothing is imported yet."""

    template_name = "wagtail_col/pages/imports_choose.html"
    page_title = gettext_lazy("Choose what to import")

    @cached_property
    def source(self) -> ImportSource | None:
        """The source that is named in the address. 404 for one that somebody may not change."""
        key = self.request.GET.get("source", "")
        if not key:
            return None
        with suppress(ValueError):
            return get_object_or_404(sources_of(self.request.user), key=UUID(key))
        raise Http404

    def form(self, *args: Any) -> ChooseForm:
        user = self.request.user
        return ChooseForm(
            *args,
            sources=sources_of(user),
            providers=providers_of(user),
            is_editor=is_editor(user),
            source=self.source,
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.answer(form)
        try:
            file, name, hint = form.opened()
        except ImportRefused as refusal:
            form.add_error("url", str(refusal))
            return self.answer(form)
        source = form.source()
        is_new = source.pk is None
        if is_new:
            # A run is of a source; one that is never begun goes with it.
            source.save()
        run, _table = running.look(source, file, name=name, hint=hint)
        if not is_new and run.state != RunState.REFUSED:
            source.save()
        note(instance=source, action="wagtail.edit")
        return redirect(url("run", run.key))

    def answer(self, form: ChooseForm) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(form=form, source=self.source, media=form.media)
        )


class _RunView(ImportView):
    @cached_property
    def run(self) -> ImportRun:
        runs = ImportRun.objects.filter(source__in=sources_of(self.request.user))
        return get_object_or_404(
            runs.select_related("source__provider", "source__territory"), key=self.kwargs["key"]
        )

    @property
    def run_url(self) -> str:
        return url("run", self.run.key)


class RunView(_RunView):
    """Before it is started what would happen, then how far it is, then what came of it."""

    template_name = "wagtail_col/pages/imports_run.html"

    def get_page_title(self) -> str:
        return str(self.run.source)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run = self.run
        faults = Paginator(reporting.faults(run), PAGE).get_page(self.request.GET.get("p"))
        twins = ImportTwin.objects.filter(source=run.source, verdict=Verdict.OPEN)
        twins = twins.select_related("listing").prefetch_related("listing__texts")[:PAGE]
        is_checked = run.state == RunState.CHECKED
        return super().get_context_data(
            run=run,
            states=RunState,
            faults=faults,
            items=faults,
            numbered=_("Row") if reporting.has_rows(run) else _("Item"),
            twins=twins,
            refusal=says(run.refusal, run.refusal_values) if run.refusal else "",
            mapping=MappingForm(run) if run.found and run.state != RunState.DONE else None,
            figures=self.figures(),
            will=self.will() if is_checked else None,
            # A file whose columns are wrong is looked at again.
            can_start=is_checked and (run.found["new"] or run.found["changed"]
                                      or run.found["gone"] or run.found["same"]),
            percent=100 * run.position // run.total if run.total else 0,
            **kwargs,
        )  # fmt: skip

    def figures(self) -> list[tuple[str, int]]:
        """What became of each row, one number each; the last one is no row of the file."""
        run = self.run
        if run.refusal or run.state == RunState.RUNNING:
            # While it is being written the bar says how far it is.
            return []
        found = run.found if run.state == RunState.CHECKED else vars(run)
        return [
            (_("New"), found["new"]),
            (_("Changed"), found["changed"]),
            (_("As before"), found["same"]),
            (_("With faults"), found["faulty"]),
            (_("A second time in the file"), found.get("doubles", 0)),
            (_("Perhaps there already"), found["twins"]),
            (_("No longer in the source"), found.get("gone", run.withdrawn)),
        ]

    def will(self) -> dict[str, int]:
        """What an import would do, and how much somebody has to say first."""
        run, found = self.run, self.run.found
        return {
            "written": found["new"] + found["changed"],
            "gone": found["gone"],
            "left_out": run.left_out,
            "over": found.get("over", 0),
            "undecided": found["twins"] - found.get("own", 0),
            "own": found.get("own", 0),
            "ticks": bool(run.left_out) + found["is_vanishing"],
        }


class _ActionView(_RunView):
    """Only by POST: looking at its address does nothing."""

    http_method_names = ["post"]


class StartView(_ActionView):
    """Import it."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            going_on.begin(
                self.run,
                without_faults="without_faults" in request.POST,
                may_vanish="may_vanish" in request.POST,
            )
        except ImportRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(self.run_url)
        note(instance=self.run.source, action="wagtail.edit")
        # A short one is done before the page is there.
        going_on.go_on(self.run.pk, AT_START)
        return redirect(self.run_url)


class GoOnView(_ActionView):
    """Write for a moment and say how far it is: as JSON to the page's script."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_script = request.headers.get("X-Requested-With") == "XMLHttpRequest"
        run = going_on.go_on(self.run.pk, A_POLL if is_script else WITHOUT_SCRIPT)
        if not is_script:
            return redirect(self.run_url)
        is_done = run.state != RunState.RUNNING
        return JsonResponse({"done": run.position, "total": run.total, "is_done": is_done})


class MapView(_ActionView):
    """Say what the columns are, and look again."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        run, source = self.run, self.run.source
        form = MappingForm(run, request.POST)
        if run.state != RunState.CHECKED or not form.is_valid():
            messages.error(request, _("Nothing was changed."))
            return redirect(self.run_url)
        source.mapping = {**source.mapping, **form.mapping()}
        source.save(update_fields=["mapping"])
        again, _table = running.look(source, pieces.kept(run), name=run.file_name, hint=run.hint)
        run.delete()
        return redirect(url("run", again.key))


class DecideView(_ActionView):
    """Is an item the same as one that is there? Then look again."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        run = self.run
        twins = ImportTwin.objects.filter(source=run.source)
        for verdict in (Verdict.SAME, Verdict.OTHER):
            chosen = [
                name.removeprefix("twin-")
                for name, value in request.POST.items()
                if name.startswith("twin-") and value == verdict
            ]
            twins.filter(pk__in=[pk for pk in chosen if pk.isdigit()]).update(verdict=verdict)
        if run.state != RunState.CHECKED:
            messages.success(request, _("Kept. It counts when this source is imported next."))
            return redirect(self.run_url)
        again, _table = running.look(
            run.source, pieces.kept(run), name=run.file_name, hint=run.hint
        )
        run.delete()
        return redirect(url("run", again.key))


class DeleteView(_ActionView):
    """Throw away what was only looked at."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.run.state not in (RunState.CHECKED, RunState.REFUSED):
            messages.error(request, _("This import was started, so it is kept."))
            return redirect(self.run_url)
        with transaction.atomic():
            self.run.delete()
            origins.forget_unused(ImportSource.objects.filter(pk=self.run.source_id))
        messages.success(request, _("The file is thrown away. Nothing was imported."))
        return redirect(url("index"))


class ImportsViewSet(ViewSet):
    """Import opportunities."""

    name = NAME
    url_prefix = "learning/imports"
    icon = "upload"
    menu_label = gettext_lazy("Import")
    menu_item_class = ImportersMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", IndexView.as_view(), name="index"),
            *imports_sources.patterns,
            path("choose/", ChooseView.as_view(), name="choose"),
            path("<uuid:key>/", RunView.as_view(), name="run"),
            path("<uuid:key>/start/", StartView.as_view(), name="start"),
            path("<uuid:key>/go-on/", GoOnView.as_view(), name="go_on"),
            path("<uuid:key>/map/", MapView.as_view(), name="map"),
            path("<uuid:key>/decide/", DecideView.as_view(), name="decide"),
            path("<uuid:key>/delete/", DeleteView.as_view(), name="delete"),
        ]
