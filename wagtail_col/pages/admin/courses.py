"""Adding online courses to a page: choose a provider, pick in its catalogue, look, add."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from wagtail.admin import messages

from wagtail_col.pages.admin.about_page import AboutPageView
from wagtail_col.pages.admin.course_form import PicksForm
from wagtail_col.pages.admin.placing import NotNow, add_to_playlist, check_may_change, set_course
from wagtail_col.pages.course_fields import are_there, keys_above
from wagtail_col.pages.types import OpportunityPageMixin, PlaylistPageMixin

#: Pages that may have online courses.
WITH_COURSES = (PlaylistPageMixin, OpportunityPageMixin)


class _PageView(AboutPageView):
    """A view about one page's courses, for those who may edit that page."""

    header_icon = "desktop"
    page_title = gettext_lazy("Add online course")

    def is_about(self, page) -> bool:
        return are_there() and isinstance(page, WITH_COURSES) and not page.alias_of_id

    @cached_property
    def draft(self):
        return self.page.get_latest_revision_as_object()

    @cached_property
    def tools(self) -> list:
        """The course providers that may be used on this page."""
        from wagtail_col.lti.courses import offered_tools

        return offered_tools(keys_above(self.page))

    @property
    def takes_one(self) -> bool:
        return isinstance(self.page, OpportunityPageMixin)

    @cached_property
    def original(self):
        """The page that says which steps there are, if this one is its translation only."""
        if self.takes_one:
            return None
        others = type(self.page).objects.filter(
            translation_key=self.page.translation_key, live=True, pk__lt=self.page.pk
        )
        return others.order_by("pk").first()

    def here(self) -> str:
        return reverse("col_admin_courses", args=[self.page.pk])

    def open(self, kind: str, tool, **values: Any) -> HttpResponse:
        """Send the editor to a tool, and say so when that cannot be."""
        from wagtail_col.lti import launching
        from wagtail_col.lti.models import OpensIn, Role

        try:
            opening = launching.begin(
                kind,
                tool=tool,
                user=self.request.user,
                context_key=self.page.record_key,
                context_title=self.draft.title,
                role=Role.EDITOR,
                session_key=self.request.session.session_key,
                language=get_language() or "",
                return_path=self.here(),
                opens_in=OpensIn.WINDOW,
                **values,
            )
        except launching.Unavailable as error:
            messages.error(self.request, str(error.message))
            return redirect(self.here())
        return redirect(opening.url)


class CoursesView(_PageView):
    """The providers to pick from, what was picked and not added yet, what the page has."""

    template_name = "wagtail_col/pages/courses.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if key := request.GET.get("picked"):
            # The way back from a catalogue: it knows this address only.
            try:
                return redirect("col_admin_picked", self.page.pk, UUID(key))
            except ValueError as error:
                raise Http404 from error
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        from wagtail_col.lti import picking

        return super().get_context_data(
            page=self.page,
            original=self.original,
            tools=[tool for tool in self.tools if tool.deep_linking_url],
            waiting=picking.waiting(self.request.user, self.page.record_key),
            courses=self.courses(),
            **kwargs,
        )

    def courses(self) -> list[dict[str, Any]]:
        """The courses of the page's draft. Those of the providers offered here can be tried."""
        from wagtail_col.lti.courses import courses

        draft = self.draft
        keys = [draft.course] if self.takes_one else [step.course for step in draft.steps.all()]
        found = courses(keys)
        offered = {tool.key for tool in self.tools}
        return [
            {"course": found[key], "may_try": found[key].tool_key in offered}
            for key in dict.fromkeys(keys)
            if key in found
        ]


class PickView(_PageView):
    """On to a provider's catalogue, in the same tab."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        from wagtail_col.lti.models import TicketKind

        tool = next((tool for tool in self.tools if tool.key == self.kwargs["tool"]), None)
        if tool is None:
            raise Http404
        return self.open(TicketKind.DEEP_LINKING, tool)


class TryCourseView(_PageView):
    """A course as it opens, for an editor."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        from wagtail_col.lti.models import Course, TicketKind

        course = get_object_or_404(
            Course.objects.select_related("tool"), key=self.kwargs["course"], tool__in=self.tools
        )
        return self.open(TicketKind.RESOURCE_LINK, course.tool, course=course)


class PickedView(_PageView):
    """What came back from a catalogue: look at it, choose, add it to the page's draft."""

    template_name = "wagtail_col/pages/picked.html"
    page_title = gettext_lazy("What you picked")

    @cached_property
    def returned(self):
        """Only the editor's own, and only for this page."""
        from wagtail_col.lti import picking

        mine = picking.returns_of(self.request.user, self.page.record_key)
        return get_object_or_404(mine, key=self.kwargs["key"])

    def form(self, data: Any = None) -> PicksForm:
        from wagtail_col.lti import picking

        steps = [] if self.takes_one else list(self.draft.steps.all())
        return PicksForm(
            data, picks=picking.picks(self.returned), steps=steps, takes_one=self.takes_one
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            messages.error(request, _("Nothing was added. See below what to change."))
            return self.answer(form)
        try:
            said = self.add(form)
        except NotNow as reason:
            messages.error(request, " ".join((str(reason), _("What you picked is kept."))))
            return self.answer(form)
        messages.success(request, said)
        return redirect("wagtailadmin_pages:edit", self.page.pk)

    def add(self, form: PicksForm) -> str:
        """Save the courses and put them into the draft; what to tell the editor."""
        from wagtail_col.lti import picking

        check_may_change(self.page, self.request.user)
        if self.returned.ticket.tool not in self.tools:
            raise NotNow(_("This course provider may not be used on this page now."))
        courses = picking.save_courses(self.returned, form.chosen())
        additions = form.additions(courses)
        if self.takes_one:
            set_course(self.page, additions[0], self.request.user)
            said = _("The course is in the draft. Publish the page when it is ready.")
        else:
            new, old = add_to_playlist(self.page, additions, self.request.user)
            said = self.counted(new, old)
        picking.placed(self.returned)
        return said

    @staticmethod
    def counted(new: int, old: int) -> str:
        said = []
        if new:
            said.append(
                ngettext("%(count)s step is new.", "%(count)s steps are new.", new) % {"count": new}
            )
        if old:
            said.append(
                ngettext(
                    "%(count)s step was brought up to date.",
                    "%(count)s steps were brought up to date.",
                    old,
                )
                % {"count": old}
            )
        return " ".join([*said, _("They are in the draft. Publish the page when it is ready.")])

    def answer(self, form: PicksForm) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(
                page=self.page,
                returned=self.returned,
                tool=self.returned.ticket.tool,
                form=form,
                takes_one=self.takes_one,
            )
        )
