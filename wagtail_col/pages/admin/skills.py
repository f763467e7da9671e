"""Skills in the editors' menu: the site's own are written there, those of frameworks are chosen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser as views
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_col.badges.models import Framework, Skill, SkillName
from wagtail_col.pages.admin.languages import OneTextALanguage
from wagtail_col.pages.widgets import LanguageSelect


class SkillForm(OneTextALanguage):
    """A skill. One of a framework keeps its address, because badges name it by that."""

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("framework", Framework.OWN) != Framework.OWN and not values.get("uri"):
            self.add_error("uri", _("Write the address that the framework gave this skill."))
        return values


class SkillsViewSet(SnippetViewSet):
    """All skills that badges may name."""

    model = Skill
    icon = "tick"
    menu_label = gettext_lazy("Skills")
    menu_item_is_registered = True
    base_url_path = "learning/skills"
    chooser_base_url_path = "learning/choose-skills"
    list_display = ["__str__", "framework", "code", Column("used", label=gettext_lazy("Badges"))]
    list_filter = ["framework"]
    edit_handler = ObjectList(
        [
            InlinePanel(
                "names",
                heading=gettext_lazy("What it is called"),
                label=gettext_lazy("name in one language"),
                help_text=gettext_lazy(
                    "Begin with a verb, for example “repair bicycles”. A badge names the skill "
                    "in the learner’s language, or in the nearest one there is."
                ),
                min_num=1,
                panels=[
                    FieldRowPanel(
                        [FieldPanel("language", widget=LanguageSelect), FieldPanel("name")]
                    )
                ],
            ),
            FieldPanel("framework"),
            FieldPanel(
                "code", help_text=gettext_lazy("The framework’s own number, if it has one.")
            ),
            FieldPanel(
                "uri",
                help_text=gettext_lazy(
                    "Where a framework says what this skill is. Empty for a skill of your own: it "
                    "gets a page on this site."
                ),
            ),
        ],
        base_form_class=SkillForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Skill]:
        return Skill.objects.annotate(used=Count("achievements")).prefetch_related("names")


class SkillFilterForm(BaseFilterForm):
    """Words of the skill's name in any language, or its code; and one framework."""

    q = forms.CharField(
        label=gettext_lazy("Words"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("For example “team”")}),
    )
    framework = forms.ChoiceField(
        label=gettext_lazy("Framework"),
        required=False,
        choices=[("", gettext_lazy("All of them")), *Framework.choices],
        widget=forms.Select(attrs={"data-chooser-modal-search-filter": True}),
    )

    def filter(self, objects: QuerySet[Skill]) -> QuerySet[Skill]:
        objects = super().filter(objects)
        for word in self.cleaned_data["q"].split()[:10]:
            named = SkillName.objects.filter(skill=OuterRef("pk"), name__icontains=word)
            objects = objects.filter(Exists(named) | Q(code__startswith=word))
            self.is_searching = True
            self.search_query = self.cleaned_data["q"]
        if framework := self.cleaned_data["framework"]:
            objects = objects.filter(framework=framework)
        return objects


class _Skills:
    """What both views of the list share."""

    filter_form_class = SkillFilterForm

    def get_object_list(self) -> QuerySet[Skill]:
        return Skill.objects.prefetch_related("names")

    @property
    def columns(self) -> list[Column]:
        return [
            *super().columns,
            Column("framework", label=_("Framework"), accessor="get_framework_display"),
        ]


class ChooseSkillView(_Skills, views.ChooseView):
    pass


class ChooseSkillResultsView(_Skills, views.ChooseResultsView):
    pass


class SkillChooserViewSet(ChooserViewSet):
    """The chooser of the skills of a badge."""

    name = "col_skill_chooser"
    url_prefix = "learning/choose-skill"
    model = Skill
    icon = "tick"
    choose_one_text = gettext_lazy("Choose a skill")
    choose_another_text = gettext_lazy("Choose another skill")
    per_page = 12
    choose_view_class = ChooseSkillView
    choose_results_view_class = ChooseSkillResultsView
    register_widget = False


skill_chooser = SkillChooserViewSet()
