"""Codes for what is done at a place, and learners at different stages of their way."""

from django.contrib.auth.models import User
from django.utils import timezone, translation

from example_site.demo import facts
from example_site.demo.loading.keys import key
from wagtail_col.badges import sharing
from wagtail_col.badges.models import Award
from wagtail_col.catalogue.models import Listing
from wagtail_col.learning import claims, journey
from wagtail_col.learning.models import ClaimCode, Evidence, Playlist, Step
from wagtail_col.learning.steps import may_say_so

#: The line of the badge that is there already, and the steps that were done for it.
FINISHED = "madrids-night-sky"
DONE = (0, 1, 3)
#: A line whose first code is printed, for whoever wants to try one.
TO_TRY = "birds-trees-and-numbers"


def load_codes(by: User) -> dict[int, ClaimCode]:
    """A code for each listing that is a step of a line and done at a place; by the listing."""
    listings = Listing.objects.filter(is_local=True, steps__isnull=False).distinct()
    return {listing.pk: claims.make_code(listing, by=by) for listing in listings}


def load_journeys(people: dict[str, User], codes: dict[int, ClaimCode]) -> Award:
    """Inés and Zoe have joined a line, Leo and Marko are on their way, Ana has earned a badge.

    What they did goes the way of every learner: codes are entered, the rest they say. The e-mail
    about Ana's badge is left out.
    """
    ines, marko, ana = people["ines"], people["marko"], people["ana"]
    with translation.override("en"):
        _go(ines, "from-spectator-to-stage", (), codes)
        _go(marko, "my-quarter-on-the-map", (1,), codes)
        _go(marko, TO_TRY, (2,), codes)
        _go(ana, "tell-a-story-with-data", (1,), codes)
        _go(ana, FINISHED, DONE, codes)
        _go(people["leo"], "my-quarter-on-the-map", (1,), codes)
        _go(people["zoe"], "from-spectator-to-stage", (), codes)
    award = Award.objects.get(learner=ana)
    award.emailed_at = timezone.now()
    award.save(update_fields=["emailed_at"])
    # Everybody who tries the demo may see it.
    sharing.share(ana, [award], shown_name=ana.get_full_name())
    return award


def visited() -> set[str]:
    """The events that Ana has been to; they have to have begun."""
    line = next(line for line in facts.playlists("madrid") if line.slug == FINISHED)
    return {line.steps[number].opportunity for number in DONE} - {""}


def _go(learner: User, slug: str, steps: tuple[int, ...], codes: dict[int, ClaimCode]) -> None:
    """Join a line and do some of its steps."""
    playlist = Playlist.objects.get(key=key("playlist", slug))
    journey.join(learner, playlist)
    for step in playlist.steps.filter(position__in=steps).select_related("listing"):
        if may_say_so(step):
            journey.complete(learner, step, Evidence.SELF)
        else:
            claims.redeem(learner, claims.text_of(codes[step.listing_id]))


def code_to_try() -> tuple[str, str] | None:
    """A line's title and the code of its first station that is at a place, if both are there."""
    code = (
        ClaimCode.objects.filter(
            listing__steps__in=Step.objects.published().filter(
                playlist__key=key("playlist", TO_TRY)
            )
        )
        .order_by("pk")
        .first()
    )
    playlist = Playlist.objects.published().filter(key=key("playlist", TO_TRY)).first()
    return (str(playlist), claims.text_of(code)) if code and playlist else None
