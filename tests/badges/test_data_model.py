"""Our credentials against the data model of Open Badges 3.0, and what each of its rules refuses."""

import copy
import json
from pathlib import Path

import pytest

from tests.factories import UserFactory

from .build import badge
from .endorse import given as endorsed
from .openbadges.data_model import (
    ANY,
    CLASSES,
    LOOSE,
    NAMED,
    ONE,
    PRIMITIVES,
    SOME,
    faults,
    properties_of,
)
from .test_certifying import rich, said

pytestmark = pytest.mark.django_db

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "openbadges" / "ob30"
NAME = "AchievementCredential"


def found_in(document, name: str):
    """Every object in a document of this class, as (class, object)."""
    yield name, document
    for key, (of, _often) in properties_of(name).items():
        if of in PRIMITIVES or key not in document:
            continue
        value = document[key]
        for one in value if isinstance(value, list) else [value]:
            yield from found_in(one, of)


def broken(document, name: str):
    """The document with one rule broken, for each rule that it can break: (rule, document)."""
    for index, (of, thing) in enumerate(found_in(document, name)):
        for key, (_type, often) in properties_of(of).items():
            changes = {}
            if often in (ONE, SOME):
                changes["is missing"] = lambda it, key=key: it.pop(key)
            if key in thing:
                changes["is nothing"] = lambda it, key=key: it.update({key: None})
            if key in thing and often in (ANY, SOME):
                changes["is no list"] = lambda it, key=key: it.update({key: it[key][0]})
            if key in thing and often in (ANY, SOME, LOOSE):
                changes["is empty"] = lambda it, key=key: it.update({key: []})
            elif key in thing:
                changes["is a list"] = lambda it, key=key: it.update({key: [it[key]]})
            if key == "type" and of in NAMED:
                other = ["Other"] if often == SOME else "Other"
                changes["is another"] = lambda it, other=other: it.update({"type": other})
            for rule, change in changes.items():
                made = copy.deepcopy(document)
                change([it for _of, it in found_in(made, name)][index])
                yield f"{of}.{key} {rule}", made


class TestOurCredentials:
    @pytest.mark.parametrize("language", ["en", "sl", "pt-br"])
    @pytest.mark.parametrize("has_email", [True, False])
    def test_of_a_badge_that_says_all_there_is_to_say(self, language, has_email):
        learner = UserFactory(**({} if has_email else {"email": ""}))
        made = badge(learner, rich(), language=language, narrative="Well done.")
        assert faults(said(made)) == []

    def test_of_a_badge_that_says_little(self):
        assert faults(said(badge())) == []

    def test_of_an_endorsement(self):
        made = endorsed(badge())
        assert faults(json.loads(made.credential), "EndorsementCredential") == []

    def test_a_second_status_is_what_the_model_has_no_room_for(self):
        document = said(badge())
        document["credentialStatus"] = [document["credentialStatus"]] * 2
        assert len(faults(document)) == 1


class TestTheModel:
    def test_each_rule_that_a_badge_can_break_is_refused(self):
        rules = dict(broken(said(badge(achievement=rich(), narrative="Well done.")), NAME))
        assert len(rules) > 200
        assert [rule for rule, document in rules.items() if not faults(document)] == []

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            (("validFrom",), "2026-05-04T10:20:30"),
            (("validFrom",), "2026-05-04"),
            (("id",), "no address"),
            (("credentialSubject", "achievement", "inLanguage"), "pt-br"),
            (("credentialSubject", "achievement", "achievementType"), "Medal"),
            (("credentialSubject", "achievement", "alignment", 0, "targetType"), "Skill"),
            (("credentialSubject", "result", 0, "status"), "Done"),
            (("credentialSubject", "creditsEarned"), "5"),
            (("credentialSubject", "identifier", 0, "hashed"), "true"),
            (("endorsementJwt",), ["a.b"]),
        ],
    )
    def test_a_value_of_another_kind_is_refused(self, path, value):
        document = said(badge(achievement=rich()))
        *way, last = path
        thing = document
        for step in way:
            thing = thing[step]
        thing[last] = value
        [fault] = faults(document)
        assert fault.startswith("/".join(str(step) for step in path))

    def test_names_only_what_it_tells_of(self):
        for name in CLASSES:
            for of, often in properties_of(name).values():
                assert of in CLASSES or of in PRIMITIVES
                assert often in (ONE, "0..1", ANY, SOME, LOOSE)

    @pytest.mark.skipif(not DATA.exists(), reason="the official fixtures are not here")
    def test_takes_the_official_badges(self):
        for name in ("simple.json", "complete.json"):
            document = json.loads((DATA / name).read_text(encoding="utf-8"))
            assert faults(document) == [], name
