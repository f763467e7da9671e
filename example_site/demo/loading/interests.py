"""The site's own list of interests, in every language of the site."""

from example_site.demo import facts
from wagtail_col.catalogue.models import Interest, InterestName


def load_interests() -> dict[str, Interest]:
    """Interests by their short name; the icon has the same name."""
    found = {}
    for position, row in enumerate(facts.interests()):
        interest = Interest(slug=row.slug, icon=row.slug, position=position)
        interest.names = [
            InterestName(language=language, name=name) for language, name in row.name.items()
        ]
        interest.save()
        found[row.slug] = interest
    return found
