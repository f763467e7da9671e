from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from example_site.home.city import city_context
from wagtail_col.pages.blocks import FeaturedPlaylistsBlock, LearnerStoriesBlock


class HomePage(Page):
    """The front page of the municipality's site in one language, and the frame of all others."""

    city_name = models.CharField(
        _("name of the city"), max_length=100, help_text=_("Stands in the header of every page.")
    )
    hero_title = models.CharField(_("first words"), max_length=120)
    hero_text = models.CharField(_("one sentence below them"), max_length=300, blank=True)
    hero_image = models.ForeignKey(
        "wagtailimages.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("picture"),
    )
    notice = models.CharField(
        _("notice"),
        max_length=400,
        blank=True,
        help_text=_("Something every visitor has to know. Stands in the footer of every page too."),
    )
    territory = models.ForeignKey(
        "col_pages_standard.TerritoryPage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("territory"),
        help_text=_("Its lines, interests and districts are shown on this page."),
    )
    intro = RichTextField(_("introduction"), blank=True)
    shown = StreamField(
        [("playlists", FeaturedPlaylistsBlock()), ("stories", LearnerStoriesBlock())],
        verbose_name=_("playlists and stories"),
        blank=True,
    )
    body = RichTextField(_("text"), blank=True)
    attribution = RichTextField(
        _("sources"),
        blank=True,
        features=["link"],
        help_text=_("Whose data and pictures this site shows. Stands in the footer of every page."),
    )

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("city_name"),
                FieldPanel("hero_title"),
                FieldPanel("hero_text"),
                FieldPanel("hero_image"),
            ],
            heading=_("Welcome"),
        ),
        FieldPanel("notice"),
        FieldPanel("territory"),
        FieldPanel("intro"),
        InlinePanel("tour_links", heading=_("Take the tour"), label=_("Stop")),
        FieldPanel("shown"),
        FieldPanel("body"),
        FieldPanel("attribution"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
    ]
    parent_page_types = ["wagtailcore.Page"]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        shared = city_context(self.territory.translation_key) if self.territory else None
        if shared:
            context["shared"] = shared
            # The picture stands apart from the rest, so it is kept apart from it.
            context["picture"] = {**shared, "key": (*shared["key"], "picture")}
        return context


class TourLink(Orderable):
    """A stop of the tour that the home page offers: words, and an address of this site."""

    page = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="tour_links")
    label = models.CharField(_("words"), max_length=120)
    path = models.CharField(
        _("address"),
        max_length=500,
        validators=[
            RegexValidator(
                r"^/(?!/)", _("Write an address of this site. It begins with one slash: /en/map/")
            )
        ],
        help_text=_("An address of this site, such as /en/map/"),
    )
    hint = models.CharField(_("what one sees there"), max_length=200, blank=True)

    panels = [FieldPanel("label"), FieldPanel("path"), FieldPanel("hint")]

    class Meta(Orderable.Meta):
        verbose_name = _("stop of the tour")
        verbose_name_plural = _("stops of the tour")

    def __str__(self) -> str:
        return self.label


class StandardPage(Page):
    """A plain page: about us, accessibility, privacy."""

    intro = models.CharField(_("introduction"), max_length=300, blank=True)
    body = RichTextField(_("text"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    search_fields = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("plain page")
        verbose_name_plural = _("plain pages")
