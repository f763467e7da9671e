"""Made-up catalogues and searches for hypothesis, in a city of two districts."""

from decimal import Decimal

from django.http import QueryDict
from hypothesis import strategies as st

from tests.catalogue import making
from wagtail_col.catalogue.facts import SkillFacts
from wagtail_col.catalogue.models import Skill
from wagtail_col.catalogue.publishing import publish_listings, withdraw_listing
from wagtail_col.catalogue.search import Query
from wagtail_col.catalogue.search.terms import short
from wagtail_col.geo import Point

SKILLS = {
    name: SkillFacts(uri=f"http://esco/{name}", names={"en": name}) for name in ("code", "paint")
}

places = st.one_of(
    st.sampled_from([Point(-3.5, 40.5), Point(-3.5, 40.50001), Point(-2.5, 40.7)]),
    st.tuples(st.floats(-3.999, -2.001), st.floats(40.001, 40.999)).map(lambda p: Point(*p)),
)
offers = st.fixed_dictionaries(
    {
        "number": st.integers(0, 7),
        "title": st.sampled_from(["Radio bees", "Rádio óscar", "Painting", "A bee"]),
        "point": places,
        "where": st.sampled_from(["local", "local", "online", "both", "unplaced"]),
        "kind": st.sampled_from(["event", "course", "digital"]),
        "is_free": st.sampled_from([True, False, None]),
        "days": st.lists(st.sampled_from([-9, -1, -0.01, 0.2, 3, 6.9, 20]), max_size=3),
        "age": st.sampled_from([(None, None), (10, None), (None, 40), (10, 40), (0, 120)]),
        "interests": st.sampled_from([(), ("music",), ("music", "art")]),
        "withdrawn": st.sampled_from([False, False, False, True]),
        "provider": st.booleans(),
        "skills": st.sampled_from([(), ("code",), ("code", "paint")]),
        "price": st.sampled_from([None, "0", "4.99", "5", "5.01", "30"]),
        "languages": st.sampled_from([(), ("es",), ("es-MX", "en"), ("sl",)]),
        "access": st.sampled_from([(), ("quiet",), ("quiet", "toilet"), ("toilet",)]),
        "attribution": st.sampled_from(["", "City of Madrid", "Österreich"]),
    }
)
searches = st.fixed_dictionaries(
    {},
    optional={
        "q": st.sampled_from(["radio", "pain", "nothing", "bees", "radio bee", "raido"]),
        "interest": st.sampled_from(["music", "art"]),
        "kind": st.sampled_from(["event", "course"]),
        "place": st.sampled_from(["online", "local"]),
        "free": st.just("1"),
        "age": st.sampled_from(["9", "30", "120"]),
        "when": st.sampled_from(["today", "weekend", "week"]),
        "time": st.sampled_from(["morning", "evening"]),
        "skill": st.sampled_from(["code", "paint"]),
        "max_price": st.sampled_from(["0", "5", "30"]),
        "language": st.sampled_from(["es", "en", "es&language=sl"]),
        "access": st.sampled_from(["quiet", "toilet", "quiet&access=toilet"]),
        "provider": st.just("library"),
        "at": st.sampled_from(["40.5,-3.5", "40.7,-2.5"]),
        "within": st.sampled_from(["1", "50", "100"]),
        "box": st.sampled_from(["-3.5,40.5,-3,41", "-4,40,-3.5,40.50001", "-180,-85,180,85"]),
        "sort": st.sampled_from(["relevance", "date", "distance"]),
        "district": st.just("west"),
    },
)
scopes = st.sampled_from(["", "", "territory", "provider"])


class City:
    """A city with two districts, a provider and two interests."""

    def __init__(self) -> None:
        self.city = making.territory(boundary=making.square(-4, 40, 2))
        self.west = making.territory("West", self.city, boundary=making.square(-4, 40, 1))
        self.east = making.territory("East", self.city, boundary=making.square(-3, 40, 1))
        self.library = making.provider()
        making.interest("music")
        making.interest("art")
        for skill in SKILLS.values():
            Skill.objects.create(uri=skill.uri, slug=Skill.slug_of(skill.uri))

    def write(self, offers: list[dict]) -> None:
        publish_listings([self._facts(offer) for offer in offers])
        for offer in offers:
            if offer["withdrawn"]:
                withdraw_listing(making.key(f"random {offer['number']}"))

    def _facts(self, offer: dict):
        placed = offer["where"] in ("local", "both")
        return making.facts(
            offer["title"],
            key=making.key(f"random {offer['number']}"),
            territory=self.city,
            point=offer["point"] if placed else None,
            is_online=offer["where"] in ("online", "both"),
            is_local=offer["where"] != "online",
            kind=offer["kind"],
            is_free=None if offer["price"] else offer["is_free"],
            price=Decimal(offer["price"]) if offer["price"] else None,
            skills=tuple(SKILLS[name] for name in offer["skills"]),
            delivery_languages=offer["languages"],
            accessibility=offer["access"],
            attribution=offer["attribution"],
            dates=tuple(making.on(day, 48) for day in offer["days"]),
            age_min=offer["age"][0],
            age_max=offer["age"][1],
            interests=offer["interests"],
            provider=self.library if offer["provider"] else None,
        )

    def query(self, params: dict, scope: str) -> Query:
        shorts = {
            "district": lambda _: short(self.west),
            "provider": lambda _: short(self.library),
            "skill": lambda name: Skill.slug_of(SKILLS[name].uri),
        }
        said = [f"{name}={shorts.get(name, str)(value)}" for name, value in params.items()]
        params = QueryDict("&".join(said))
        return Query.from_params(
            params,
            territory=self.city if scope == "territory" else None,
            provider=self.library if scope == "provider" else None,
        )
