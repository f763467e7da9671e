"""What all our page types share: how a page finds its record and is served from it."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from wagtail.rich_text import expand_db_html

from wagtail_col.pages.previewing import as_published
from wagtail_col.pages.sources import RecordSource
from wagtail_col.pages.types.routing import DeepRouteMixin
from wagtail_col.records import Record
from wagtail_col.shell import render_page, shell_context


class RecordPageMixin(DeepRouteMixin, RecordSource):
    """A page that shows its record.

    Subclasses give ``record_model``, ``record_context`` and ``learner_template``. The last one
    is not called ``template``: Wagtail gives every concrete page class a name of its own there.
    """

    record_model: type[Record]
    learner_template: str

    def record_context(self, request: HttpRequest) -> dict | None:
        """The template's context from records, or None when there is no published record."""
        raise NotImplementedError

    def get_template(self, request: HttpRequest, *args, **kwargs) -> str:
        return self.learner_template

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        context.update(shell_context(request))
        context.update(self.record_context(request) or {})
        return context

    def serve(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = super().serve(request, *args, **kwargs)
        context = getattr(response, "context_data", None)
        if context is not None and "record" not in context:
            # Live but without a record: a private page, seen by somebody who may.
            with as_published(self):
                return super().serve(request, *args, **kwargs).render()
        return response

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        try:
            with as_published(self):
                response = super().serve_preview(request, mode_name)
                return response.render() if hasattr(response, "render") else response
        except ValidationError as error:
            # A draft, saved by itself, may lack what a record needs.
            return render_page(
                request, "wagtail_col/pages/not_ready.html", {"messages_of_fields": error.messages}
            )

    def nearest(self, mixin: type) -> UUID | None:
        """The key of the nearest published record above that comes from a type of page."""
        if not self.path:
            return None
        for page in self.get_ancestors().order_by("-depth").specific():
            if isinstance(page, mixin) and page.has_record:
                return page.record_key
        return None

    @property
    def has_record(self) -> bool:
        """Whether the public finds this page's record."""
        return self.record_model.objects.published().filter(key=self.record_key).exists()


def html(rich_text: str) -> str:
    """Editors' rich text as the HTML that records keep (it is cleaned where it is written)."""
    return expand_db_html(rich_text) if rich_text else ""


def picture(image, spec: str) -> str:
    """The address of an image's rendition, or "" when there is none or its file is lost."""
    if image is None:
        return ""
    try:
        return image.get_rendition(spec).url
    except OSError:
        return ""
