"""What a learner writes down themselves: learning from elsewhere, and a note after a step."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from wagtail_col.learning.models import Completion, OwnLearning, Reflection
from wagtail_col.learning.steps import title_of
from wagtail_col.learning.views.lines import page_of
from wagtail_col.learning.views.own import learners_own
from wagtail_col.shell import render_page

#: Of one learner: enough for a life, too few to fill the disk.
MOST = 300


class OwnLearningForm(forms.ModelForm):
    link = forms.URLField(
        label=gettext_lazy("A link to it"), max_length=2000, required=False, assume_scheme="https"
    )

    class Meta:
        model = OwnLearning
        fields = ["title", "ended_on", "words", "link"]
        widgets = {"ended_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def clean_ended_on(self):
        day = self.cleaned_data["ended_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet. Add it when you are done."))
        return day


class ReflectionForm(forms.Form):
    text = forms.CharField(required=False, max_length=5000, widget=forms.Textarea)


@learners_own
@require_http_methods(["GET", "HEAD", "POST"])
def add_own(request: HttpRequest) -> HttpResponse:
    """The form for something one learned elsewhere."""
    form = OwnLearningForm(request.POST or None)
    if request.method != "POST":
        return _show(request, form)
    if form.is_valid() and OwnLearning.objects.filter(learner=request.user).count() >= MOST:
        form.add_error(None, _("Your passport is full. Delete something first."))
    if not form.is_valid():
        return _show(request, form, 422)
    form.instance.learner = request.user
    form.save()
    messages.success(request, _("It stands in your passport, as something you say yourself."))
    return redirect("col_learning:passport")


@learners_own
@require_http_methods(["GET", "HEAD", "POST"])
def change_own(request: HttpRequest, key: UUID) -> HttpResponse:
    """Change it, or delete it."""
    own = get_object_or_404(OwnLearning, key=key, learner=request.user)
    if request.method == "POST" and request.POST.get("delete"):
        own.delete()
        messages.success(request, _("Deleted."))
        return redirect("col_learning:passport")
    form = OwnLearningForm(request.POST if request.method == "POST" else None, instance=own)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("col_learning:passport")
    return _show(request, form, 422 if request.method == "POST" else 200)


@learners_own
@require_http_methods(["GET", "HEAD", "POST"])
def reflect(request: HttpRequest, key: UUID) -> HttpResponse:
    """One question after a step one has done. An empty answer takes an older one away."""
    completion = get_object_or_404(
        Completion.objects.select_related("step__playlist", "step__listing").prefetch_related(
            "step__texts", "step__listing__texts", "step__playlist__texts"
        ),
        learner=request.user,
        step__key=key,
    )
    step = completion.step
    own = Reflection.objects.filter(learner=request.user, step=step)
    form = ReflectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"].strip()
        if text:
            Reflection.objects.update_or_create(
                learner=request.user, step=step, defaults={"text": text}
            )
            messages.success(request, _("Saved. Only you can read it."))
        else:
            own.delete()
        return redirect(page_of(step.playlist))
    note = own.first()
    context = {
        "form": form,
        "step": step,
        "title": title_of(step),
        "note": note,
        "written": form["text"].value() if form.is_bound else (note.text if note else ""),
        "playlist": step.playlist,
        "text": step.playlist.text,
        "back": page_of(step.playlist),
    }
    status = 422 if request.method == "POST" else 200
    return render_page(request, "wagtail_col/learning/reflection.html", context, status)


@learners_own
@require_safe
def notes(request: HttpRequest) -> HttpResponse:
    """All of one's own notes, the newest first. A constant number of queries."""
    own = (
        Reflection.objects.filter(learner=request.user)
        .select_related("step__playlist", "step__listing")
        .prefetch_related("step__texts", "step__listing__texts", "step__playlist__texts")
        .order_by("-written_at", "-pk")
    )
    context = {"notes": [(note, title_of(note.step, {})) for note in own]}
    return render_page(request, "wagtail_col/learning/notes.html", context)


def _show(request: HttpRequest, form: OwnLearningForm, status: int = 200) -> HttpResponse:
    return render_page(request, "wagtail_col/learning/own_learning.html", {"form": form}, status)
