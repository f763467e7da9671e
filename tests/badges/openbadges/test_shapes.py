"""The quick way to canonical statements, against the plain one."""

import re
from collections import OrderedDict
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wagtail_col.badges.openbadges import jsonld, shapes, status
from wagtail_col.badges.openbadges.errors import UnsignableError
from wagtail_col.badges.openbadges.shapes import Shapes

from .crowds import Crowd
from .samples import AWARDED, LIST, SITE, Issuer
from .test_jsonld import edited

ISSUER = Issuer()
FORMS = range(30)


def outcome(canonicalise, document) -> tuple:
    """The statements, or everything that a refusal says."""
    try:
        return ("signed", canonicalise(document))
    except UnsignableError as error:
        return ("refused", error.code, error.message, error.data)


@pytest.fixture
def plain(monkeypatch):
    """The documents that were canonicalised in the plain way by a shape or for want of one."""
    documents = []

    def counted(document):
        documents.append(document)
        return jsonld.canonicalise(document)

    monkeypatch.setattr(shapes, "canonicalise", counted)
    return documents


def test_thousands_of_credentials_are_written_alike():
    """Every one of 30 shapes, with texts and identifiers that are new each time."""
    crowd, known = Crowd(ISSUER, seed=20260504), Shapes()
    orders = set()
    for number in range(2100):
        document = crowd.credential(number % len(FORMS))
        statements = jsonld.canonicalise(document)
        assert known.canonicalise(document) == statements, document
        orders.add(tuple(re.findall(r"_:c14n\d (?=<[^>]*/vocab.html#salt>)", statements)))
    # The numbers of nameless nodes did turn on the values.
    assert len(orders) > 4


@pytest.mark.parametrize("form", FORMS)
def test_a_shape_is_learned_once(plain, form):
    crowd, known = Crowd(ISSUER, seed=form), Shapes()
    for _ in range(20):
        known.canonicalise(crowd.credential(form))
    # The first credential, and the same with random words in it.
    assert len(plain) == 2


words = st.text(st.characters(codec=None), max_size=30)
addresses = st.builds(
    str.__add__,
    st.sampled_from(["https://a.example/", "urn:", "urn:uuid:", "did:web:", "HTTP://a/", "", "_:"]),
    words,
)
PLACES = {
    "id": addresses,
    "name": words,
    "validFrom": words,
    "validUntil": words,
    "credentialSubject.id": addresses,
    "credentialSubject.identifier.0.identityHash": words,
    "credentialSubject.identifier.0.salt": words,
    "credentialStatus.id": addresses,
    "credentialStatus.statusListIndex": words,
    "credentialStatus.statusListCredential": addresses,
    "evidence.0.narrative": words,
    "evidence.1.id": addresses,
    "evidence.1.name": words,
    "evidence.1.narrative": words,
}
KNOWN = Shapes()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.fixed_dictionaries({}, optional=PLACES))
def test_any_text_in_any_place_is_written_or_refused_alike(changes):
    document = ISSUER.unsigned()
    for place, value in changes.items():
        document = edited(document, place, value)
    expected = outcome(jsonld.canonicalise, document)
    # The second time its shape is known, if it has one.
    assert outcome(KNOWN.canonicalise, document) == expected
    assert outcome(KNOWN.canonicalise, document) == expected


ODD = [
    None, True, 1, 1.0, "", [], {}, ["x"], ("x",), {"id": "urn:x:1"}, "urn:x:1", "urn:x:1\xa0",
    "schema:name", "@id", "@type", "_:b0", "relative", "relative-reference://here/x",
    "name", "a\x00b", "a\x7fb", "\ud800", f"{SITE}/\udfff", f"{SITE}/x y", f"{SITE}/a/../b", b"x",
    OrderedDict(id="urn:x:1"), [["x"]],
]  # fmt: skip


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_what_the_plain_way_refuses_is_refused(value):
    """Odd values in every place of a document whose shape is known."""
    known, document = Shapes(), ISSUER.unsigned()
    known.canonicalise(document)
    for place in (*PLACES, "issuer.name", "credentialSubject.achievement.tag", "@context", "new"):
        changed = edited(document, place, value)
        expected = outcome(jsonld.canonicalise, changed)
        assert outcome(known.canonicalise, changed) == expected, place


def test_values_of_another_type_are_another_shape():
    """``1 == True``, but they are signed differently."""
    known, seen = Shapes(), set()
    for value in (True, 1, 2.5, "true", "1", False, 0):
        place = "credentialSubject.identifier.0.hashed"
        document = edited(ISSUER.unsigned(), place, value)
        assert outcome(known.canonicalise, document) == outcome(jsonld.canonicalise, document)
        seen.add(known.canonicalise(document))
    # "true" and True mean the same here, and so do "1" and 1.
    assert len(seen) == 5


def identifiers(document: dict) -> list[str]:
    """All that the document says something about, and one that it only names."""
    found = re.findall(r"^<([^>]+)>", jsonld.canonicalise(document), re.MULTILINE)
    return sorted({*found, "https://schema.org/AlignmentObject"})


def test_nodes_that_become_one():
    """An identifier that is used for two things changes which nodes there are."""
    known, document = Shapes(), ISSUER.unsigned()
    known.canonicalise(document)
    for place, values in PLACES.items():
        for value in identifiers(document) if values is addresses else ():
            changed = edited(document, place, value)
            expected = outcome(jsonld.canonicalise, changed)
            assert outcome(known.canonicalise, changed) == expected, (place, value)


def test_nameless_nodes_that_look_alike(plain):
    """Equal narratives: telling the two apart is left to the plain way."""
    known, crowd = Shapes(), Crowd(ISSUER, seed=3)
    for _ in range(5):
        document = crowd.credential(4)
        known.canonicalise(document)
        plain.clear()
        document["evidence"] = [document["evidence"][0]] * 3
        assert known.canonicalise(document) == jsonld.canonicalise(document)
        assert plain == [document]


def test_a_document_whose_nodes_never_differ_is_left_to_the_plain_way(plain):
    known = Shapes()
    for number in range(3):
        document = {**ISSUER.unsigned(), "id": f"urn:x:{number}"}
        document["credentialSubject"]["achievement"]["alignment"][0]["targetName"] = "same"
        document["credentialSubject"]["achievement"]["alignment"][1] = document[
            "credentialSubject"
        ]["achievement"]["alignment"][0]
        assert known.canonicalise(document) == jsonld.canonicalise(document)
        assert document in plain


def test_the_order_of_members_is_free():
    known, crowd, random = Shapes(), Crowd(ISSUER, seed=5), Random(5)
    for _ in range(12):
        document = crowd.credential(7)
        members = list(document.items())
        random.shuffle(members)
        assert known.canonicalise(dict(members)) == jsonld.canonicalise(document)


def test_single_values_and_lists_are_read():
    """``x`` and ``[x]`` mean the same; the second is not what ``credential.build`` writes."""
    known = Shapes()
    for number in range(3):
        document = {**ISSUER.unsigned(), "id": f"urn:x:{number}"}
        for name in ("credentialSubject", "credentialStatus", "name", "id", "validFrom"):
            changed = {**document, name: [document[name]]}
            assert outcome(known.canonicalise, changed) == outcome(jsonld.canonicalise, changed)


def test_other_documents_are_left_alone(plain):
    """A status list differs from the next one in what no shape has a place for."""
    known = Shapes()
    for number in range(3):
        document = status.status_list_credential(ISSUER.did, LIST, [number], valid_from=AWARDED)
        assert known.canonicalise(document) == jsonld.canonicalise(document)


def test_few_shapes_are_kept(monkeypatch, plain):
    monkeypatch.setattr(shapes, "_MOST_SHAPES", 2)
    known, crowd = Shapes(), Crowd(ISSUER, seed=6)
    documents = [crowd.credential(form) for form in (0, 1, 2)]
    for document in documents:
        known.canonicalise(document)
    plain.clear()
    known.canonicalise(documents[2])
    known.canonicalise(documents[1])
    assert plain == []
    known.canonicalise(documents[0])
    assert plain[0] == documents[0]


@pytest.mark.parametrize("text", ["{0}", "{", "}}", "{{", "_:c14n0", "{0!r}", "{x}", "%s", "<{1}>"])
def test_text_that_looks_like_a_gap_is_text(plain, text):
    """Braces and labels, in what varies and in what does not."""
    known = Shapes()
    for number in range(4):
        document = {**ISSUER.unsigned(name=f"{number}{text}"), "id": f"urn:x:{number}"}
        document["description"] = f"{text} and {text}"
        document["credentialSubject"]["achievement"]["alignment"][0]["targetName"] = text
        document["issuer"]["url"] = f"{SITE}/{text}"
        assert known.canonicalise(document) == jsonld.canonicalise(document)
    assert len(plain) == 2
