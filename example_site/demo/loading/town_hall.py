"""The town hall's own events: pages of the site's own type, on the map all the same."""

from datetime import date

from django.contrib.auth.models import User

from example_site.demo.loading import texts
from example_site.demo.loading.dates import dates_of
from example_site.demo.loading.keys import key
from example_site.demo.loading.pages import publish
from example_site.events.models import EventPage, EventsPage
from example_site.home.models import HomePage
from wagtail_col.catalogue.models import Interest


def load_town_hall(
    home: HomePage, interests: dict[str, Interest], today: date, by: User
) -> EventsPage:
    """The list of events below the home page, and the events below it."""
    events = EventsPage(
        title="Town hall events",
        slug="town-hall",
        intro="What the town hall itself invites you to. These events are made up for the demo.",
        show_in_menus=True,
    )
    events = publish(home, events, by)
    for row in texts.town_hall():
        moment = dates_of(row["dates"], today)[0]
        page = EventPage(
            title=f"{row['title']} (example)",
            slug=row["slug"],
            translation_key=key("town-hall", row["slug"]),
            intro=row["intro"],
            start=moment.starts_at,
            end=moment.ends_at,
            place=row["place"],
            latitude=row["latitude"],
            longitude=row["longitude"],
        )
        page.interests = [interests[slug] for slug in row["interests"]]
        publish(events, page, by)
    return events
