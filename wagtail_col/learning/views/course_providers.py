"""What a course provider may know about a learner: asked before the first course, changed later."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_deny
from django.views.decorators.http import require_http_methods

from wagtail_col.learning.views.own import learners_own
from wagtail_col.lti import consent
from wagtail_col.lti.models import Tool, ToolUser
from wagtail_col.shell import render_page

#: Where ``next`` may lead.
OPENINGS = ("col_learning:open_course", "col_learning:open_listing_course")


#: What the first button passes on, by (name, e-mail). The button says it, so that a question
#: which became another one in the meantime is not answered with it.
SHARED = {(True, True): "name email", (True, False): "name", (False, True): "email"}


class ShareForm(forms.Form):
    """One of the two buttons."""

    share = forms.ChoiceField(choices=[(value, "") for value in ("no", *SHARED.values())])


# Nobody is to press a button of it inside another page.
@xframe_options_deny
@learners_own
@require_http_methods(["GET", "HEAD", "POST"])
def course_provider(request: HttpRequest, key: UUID) -> HttpResponse:
    """The question, with ``?next=`` before a course opens, without it to change the answer."""
    tool, known = _tool(request, key)
    course = _path(request)
    if request.method == "POST":
        form = ShareForm(request.POST)
        if form.is_valid():
            shared = form.cleaned_data["share"].split()
            consent.decide(tool, request.user, name="name" in shared, email="email" in shared)
            if course:
                context = {"course": course, "tool": tool}
                return render_page(request, "wagtail_col/learning/course_going.html", context)
            messages.success(request, _("Your choice is saved."))
            return redirect(request.get_full_path())
    question = consent.question(tool, request.user)
    context = {
        "tool": tool,
        "course": course,
        "question": question,
        # A link of another kind could run a script.
        "policy_url": question.policy_url if question.policy_url.startswith("https://") else "",
        "sentence": sentence(question),
        "at_present": at_present(question, known) if known and question.asks else "",
        "buttons": _buttons(question, bool(course)),
    }
    return render_page(request, "wagtail_col/learning/course_provider.html", context)


def sentence(question: consent.Question) -> str:
    """In one sentence, what the provider gets when a course is opened."""
    if question.name and question.email:
        said = _(
            "%(provider)s gets a number that stands for you, your language and where you opened"
            " the course; your name and e-mail address only if you want it."
        )
    elif question.name:
        said = _(
            "%(provider)s gets a number that stands for you, your language and where you opened"
            " the course; your name only if you want it."
        )
    elif question.email:
        said = _(
            "%(provider)s gets a number that stands for you, your language and where you opened"
            " the course; your e-mail address only if you want it."
        )
    else:
        said = _(
            "%(provider)s gets a number that stands for you, your language and where you opened"
            " the course; not your name and not your e-mail address."
        )
    return said % {"provider": question.provider}


def at_present(question: consent.Question, known: ToolUser) -> str:
    """What the provider is told now."""
    name = question.name and known.shares_name
    email = question.email and known.shares_email
    if name and email:
        said = _("At present you let %(provider)s know your name and e-mail address.")
    elif name:
        said = _("At present you let %(provider)s know your name.")
    elif email:
        said = _("At present you let %(provider)s know your e-mail address.")
    else:
        said = _("At present %(provider)s does not get your name or e-mail address.")
    return said % {"provider": question.provider}


def _buttons(question: consent.Question, opens: bool) -> list[tuple[str, str]]:
    """The buttons, each with its value: two, or one when there is nothing to choose."""
    if not question.asks:
        return [("no", _("Open the course"))] if opens else []
    without = _("Open without them") if question.name and question.email else _("Open without it")
    if not opens:
        without = _("Pass on nothing")
    asked = question.name, question.email
    return [(SHARED[asked], str(_YES[opens][asked])), ("no", without)]


_YES = {
    True: {
        (True, True): gettext_lazy("Open with my name and e-mail"),
        (True, False): gettext_lazy("Open with my name"),
        (False, True): gettext_lazy("Open with my e-mail"),
    },
    False: {
        (True, True): gettext_lazy("Pass on my name and e-mail"),
        (True, False): gettext_lazy("Pass on my name"),
        (False, True): gettext_lazy("Pass on my e-mail"),
    },
}


def _tool(request: HttpRequest, key: UUID) -> tuple[Tool, ToolUser | None]:
    """The provider, if it is in use or the learner has been there. Others are nobody's business."""
    tool = Tool.objects.filter(key=key).first()
    known = ToolUser.objects.filter(tool=tool, user=request.user).first() if tool else None
    if tool is None or not (tool.is_active or known):
        raise Http404("There is no such course provider.")
    return tool, known


def _path(request: HttpRequest) -> str:
    """The address of the course that opens after this; empty when there is none."""
    path = request.GET.get("next", "")
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        return ""
    return path if match.view_name in OPENINGS else ""
