"""What the demo's sources do not say and people filter by: skills, and what helps to take part.

Made up, but always the same: skills follow from the interests, accessibility from the place, so
that everything in one house says the same.
"""

from zlib import crc32

from wagtail_col.badges.models import Skill
from wagtail_col.badges.skills import FRAMEWORKS
from wagtail_col.catalogue.facts import SkillFacts
from wagtail_col.catalogue.models import Access

_ESCO = "http://data.europa.eu/esco/skill/"
#: By interest, one skill each of the framework of transversal skills.
_BY_INTEREST = {
    "art": "93350886-a21b-4e61-a1b1-319a325c0f90",  # express yourself creatively
    "books": "b40584aa-7c63-4eed-9422-a9798fb95fdc",  # improvise
    "community": "7d9bace0-63d0-4848-ac87-350a98082c12",  # participate actively in civic life
    "dance": "a68bdf1e-b325-4880-b456-192c2891931a",  # maintain physical fitness
    "film": "d822b4b2-26c7-4bd9-970d-229c6504f615",  # create digital content
    "food": "c4180af3-befd-4bd8-9a65-6a496f9d9f15",  # demonstrate awareness of health risks
    "games": "20012caa-b63c-4cb9-b2b8-01a1cfdfc1d1",  # think quickly
    "history": "98a999db-72d5-4657-a0b0-2f850afd4368",  # appreciate diverse expression
    "languages": "c10d5d87-36cf-42f5-8a12-e560fb5f4af8",  # demonstrate intercultural competence
    "making": "9c0f93f7-2592-4d4d-9673-fd640502345f",  # use equipment with precision
    "music": "b19e0820-a96f-4c0a-a724-3c056180c1b3",  # build team spirit
    "nature": "0171653e-c8e9-4c24-bb86-a4b6fe038f25",  # foster biodiversity
    "science": "4707da90-9cfc-46ca-8de0-38a0b7bfb137",  # think analytically
    "sport": "a68bdf1e-b325-4880-b456-192c2891931a",  # maintain physical fitness
    "technology": "bf4d884f-c848-402a-b130-69c266b04164",  # apply basic programming skills
    "theatre": "609a8ac1-9d29-4237-9886-596dbbe7ca8a",  # address an audience
}


def skills_of(interests: tuple[str, ...]) -> list[Skill]:
    """The skills of things with these interests, as badges know them."""
    wanted = {_ESCO + _BY_INTEREST[slug] for slug in interests if slug in _BY_INTEREST}
    return list(Skill.objects.filter(uri__in=wanted).prefetch_related("names"))


def said_skills(interests: tuple[str, ...]) -> tuple[SkillFacts, ...]:
    """The same as what has no page says it."""
    return tuple(
        SkillFacts(
            uri=skill.uri,
            names={name.language: name.name for name in skill.names.all()},
            framework=FRAMEWORKS.get(skill.framework, ""),
        )
        for skill in skills_of(interests)
    )


def access_of(place: str, *, is_online: bool) -> tuple[str, ...]:
    """What helps to take part at a place; the same for everything in one house."""
    number = crc32(place.encode())
    if is_online:
        return (Access.CAPTIONS.value,) if number % 3 else ()
    there = [Access.STEP_FREE, Access.TOILET, Access.HEARING_LOOP, Access.QUIET, Access.ASSISTANCE]
    found = [code.value for bit, code in enumerate(there) if number >> (3 * bit) & 7 > 1 + bit]
    return tuple(found)
