"""What the home pages lead to: the tour (the map, a line, a badge and its verification, the editor)
and what learners tell."""

from django.contrib.auth.models import User
from django.urls import reverse

from example_site.demo.loading import texts
from example_site.demo.loading.journeys import FINISHED
from example_site.demo.loading.keys import key
from example_site.home.models import HomePage, TourLink
from wagtail_col.badges.models import Award
from wagtail_col.pages.standard.models import PlaylistPage, TerritoryPage

#: Territory and line that a home page leads to, with the language they are read in.
STOPS = {
    "en": (("madrid", "en"), (FINISHED, "en")),
    "es": (("madrid", "es"), (FINISHED, "en")),
    "sl": (("osrednjeslovenska", "sl"), ("my-quarter-on-the-map", "sl")),
}


def load_tour(
    homes: dict[str, HomePage],
    territories: dict[tuple[str, str], TerritoryPage],
    playlists: dict[tuple[str, str], PlaylistPage],
    award: Award,
    by: User,
) -> None:
    """Give each home page its territory and its tour."""
    said = texts.site()["tour"]
    shared = reverse("col_badges:shared", args=[award.shares.get().key])
    for language, home in homes.items():
        territory, playlist = STOPS[language]
        asked = "" if language == "en" else f"?lang={language}"
        paths = {
            "map": territories[territory].url,
            "playlist": playlists[playlist].url,
            "badge": f"{shared}{asked}",
            "verify": f"{reverse('col_badges:verify_badge', args=[award.key])}{asked}",
            "editor": reverse("wagtailadmin_home"),
        }
        home = HomePage.objects.get(pk=home.pk)
        home.territory = territories[territory]
        home.tour_links = [
            TourLink(
                sort_order=number,
                path=path,
                label=said[stop][language][0],
                hint=said[stop][language][1],
            )
            for number, (stop, path) in enumerate(paths.items())
        ]
        home.shown = _stories(language)
        home.save_revision(user=by).publish(user=by)


def _stories(language: str) -> list[tuple[str, dict]]:
    """What made-up learners tell, in the language of the home page."""
    said = texts.site()["stories"]
    told = [
        {
            "words": one["words"],
            "name": one["name"],
            "playlist": str(key("playlist", one["playlist"])),
            "agreed": "This person is made up.",
        }
        for one in said["told"]
        if one["language"] == language
    ]
    return [("stories", {"title": said["title"][language], "stories": told})]
