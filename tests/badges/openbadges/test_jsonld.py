import contextlib
import copy
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from pyld.jsonld import JsonLdProcessor

from wagtail_col.badges.openbadges import jsonld
from wagtail_col.badges.openbadges.errors import Reason, UnsignableError

from .crowds import Crowd


def edited(document: dict, path: str, value) -> dict:
    """A copy with the member at ``a.b`` set (lists: ``a.0``)."""
    result = copy.deepcopy(document)
    *parents, last = path.split(".")
    target = result
    for name in parents:
        target = target[int(name)] if isinstance(target, list) else target[name]
    target[int(last) if isinstance(target, list) else last] = value
    return result


def refusal(document: dict) -> UnsignableError:
    with pytest.raises(UnsignableError) as caught:
        jsonld.canonicalise(document)
    return caught.value


def test_statements_are_sorted_and_know_no_order_of_members(issuer):
    document = issuer.unsigned()
    statements = jsonld.canonicalise(document)
    lines = statements.split("\n")
    assert lines.pop() == ""
    assert lines == sorted(lines)
    assert jsonld.canonicalise(dict(reversed(document.items()))) == statements
    assert '"Río limpio"' in statements


def test_the_network_is_never_asked(issuer, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    jsonld.canonicalise(issuer.unsigned())
    with pytest.raises(UnsignableError):
        jsonld.load_document("https://w3id.org/security/v2")
    with pytest.raises(UnsignableError):
        jsonld.load_document("https://www.w3.org/ns/credentials/v2/../../x")


@pytest.mark.parametrize(
    "contexts",
    [
        None,
        [],
        "https://www.w3.org/ns/credentials/v2",
        [jsonld.OPEN_BADGES, jsonld.CREDENTIALS],
        [jsonld.CREDENTIALS, "https://evil.example/context"],
        [jsonld.CREDENTIALS, {"extra": "https://evil.example/extra"}],
        [jsonld.CREDENTIALS, jsonld.CREDENTIALS],
        [jsonld.CREDENTIALS, None],
        ["https://www.w3.org/2018/credentials/v1"],
    ],
)
def test_contexts_that_are_not_shipped(issuer, contexts):
    assert refusal({**issuer.unsigned(), "@context": contexts}).code == Reason.UNKNOWN_CONTEXT


@pytest.mark.parametrize("character", [chr(n) for n in (*range(32), 127) if chr(n) not in "\t\n\r"])
def test_control_characters(issuer, character):
    error = refusal({**issuer.unsigned(), "name": f"a{character}b"})
    assert (error.code, error.data) == (Reason.CONTROL_CHARACTER, {"member": "name"})


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("credentialSubject.achievement.tag", ["\ud800"], Reason.BROKEN_CHARACTER),
        ("colour", "green", Reason.UNDEFINED_TERM),
        ("issuer.validUntil", "x", Reason.UNDEFINED_TERM),
        ("evidence.0.type", ["Evidence", "Sculpture"], Reason.UNDEFINED_TERM),
        ("description", None, Reason.UNSIGNED_VALUE),
        ("evidence", [], Reason.UNSIGNED_VALUE),
        ("credentialSubject.achievement.criteria", {}, Reason.UNSIGNED_VALUE),
        ("credentialSubject.achievement.tag", ["a", "a"], Reason.UNSIGNED_VALUE),
        ("evidence", [[{"narrative": "x"}]], Reason.UNUSUAL_SPELLING),
        ("schema:name", "x", Reason.UNUSUAL_SPELLING),
        ("@included", [{"id": "urn:x:1"}], Reason.UNUSUAL_SPELLING),
        ("name", {"@value": "x"}, Reason.UNUSUAL_SPELLING),
        ("issuer.@context", {"a": "urn:a:b"}, Reason.UNUSUAL_SPELLING),
        ("issuer.type", ["https://schema.org/Thing"], Reason.UNUSUAL_SPELLING),
        ("cnf", {"jwk": {"a": "b"}}, Reason.UNUSUAL_SPELLING),
        ("id", "credentials/1", Reason.BAD_IDENTIFIER),
        ("id", "", Reason.BAD_IDENTIFIER),
        ("id", "_:b0", Reason.BAD_IDENTIFIER),
        ("id", "https://a.example/> <urn:x:y> <urn:z:z", Reason.BAD_IDENTIFIER),
        ("issuer.image", "//a.example/x.png", Reason.BAD_IDENTIFIER),
        ("issuer.image", "relative-reference://here/x.png", Reason.BAD_IDENTIFIER),
        ("evidence.0.id", "https://city.example:8443/credentials/1", Reason.DESCRIBED_TWICE),
        ("credentialSubject.creditsEarned", 1e-7, Reason.BAD_NUMBER),
        ("credentialSubject.creditsEarned", float("nan"), Reason.BAD_NUMBER),
        ("credentialSubject.creditsEarned", float("inf"), Reason.BAD_NUMBER),
        ("credentialSubject.creditsEarned", 2.0, Reason.BAD_NUMBER),
        ("credentialSubject.creditsEarned", 2**53, Reason.BAD_NUMBER),
        ("credentialSubject.creditsEarned", b"1", Reason.BAD_NUMBER),
        ("credentialSubject.achievement.tag", [str(n) for n in range(301)], Reason.TOO_COMPLEX),
        ("issuer.type", ["Profile"] * 9, Reason.TOO_COMPLEX),
    ],
)
def test_what_a_signature_would_not_cover(issuer, path, value, code):
    assert refusal(edited(issuer.unsigned(), path, value)).code == code


def test_the_undefined_term_is_named(issuer):
    error = refusal(edited(issuer.unsigned(), "credentialSubject.achievement.colour", "green"))
    assert error.data == {"member": "colour"}
    assert "colour" in str(error)


def test_numbers_that_every_library_writes_alike_are_signed(issuer):
    for number in (3, 0, -1, 2.5, 0.0625, True):
        jsonld.canonicalise(edited(issuer.unsigned(), "credentialSubject.creditsEarned", number))


def test_nesting_without_end(issuer):
    inner: dict = {"narrative": "x"}
    for _ in range(2000):
        inner = {"criteria": inner}
    assert refusal({**issuer.unsigned(), "evidence": [inner]}).code == Reason.TOO_COMPLEX


def test_look_alike_nameless_objects_stop_early(issuer):
    """A tree of equal branches costs factorial time to put in order."""

    def branch(depth: int, width: int) -> dict:
        members: dict = {"type": ["Achievement"]}
        if depth:
            members["related"] = [branch(depth - 1, width) for _ in range(width)]
        return members

    started = time.process_time()
    for depth, width in ((1, 12), (4, 4), (9, 2)):
        document = edited(issuer.unsigned(), "credentialSubject.achievement.related", None)
        document["credentialSubject"]["achievement"]["related"] = [branch(depth, width)] * 2
        assert refusal(document).code == Reason.TOO_COMPLEX
    assert time.process_time() - started < 5


def test_ordinary_repetition_is_fine(issuer):
    document = edited(issuer.unsigned(), "evidence.0.narrative", "same")
    document["evidence"] = [document["evidence"][0]] * 20
    assert jsonld.canonicalise(document).count("same") == 20


def test_threads_do_not_disturb_each_other(issuer):
    documents = [issuer.unsigned(credential_id=f"https://city.example/{n}") for n in range(24)]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(jsonld.canonicalise, documents))
    assert together == [jsonld.canonicalise(document) for document in documents]


def test_the_package_is_pure():
    program = (
        "import sys, pkgutil, importlib, types;"
        "import wagtail_col.badges.openbadges as p;"
        "[importlib.import_module(p.__name__ + '.' + m.name)"
        " for m in pkgutil.iter_modules(p.__path__)];"
        "print([m for m in sys.modules if m.split('.')[0] in ('django', 'wagtail')])"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


class TestContextsInsideOfContexts:
    """What they mean is worked out once: it is what PyLD works out each time."""

    @pytest.fixture
    def documents(self, issuer):
        crowd = Crowd(issuer, seed=7)
        return [crowd.credential(form) for form in range(30)] + [
            issuer.status_list(),
            issuer.signed(),
        ]

    @pytest.mark.parametrize("most", [1, 200])
    def test_mean_the_same_every_time(self, documents, monkeypatch, most):
        monkeypatch.setattr(jsonld, "_MOST_SCOPED", most)
        quick = [jsonld.canonicalise(document) for document in documents * 2]
        monkeypatch.setattr(
            jsonld._StrictProcessor, "_process_context", JsonLdProcessor._process_context
        )
        assert quick == [jsonld.canonicalise(document) for document in documents] * 2

    def test_are_worked_out_once_and_no_more_are_kept_than_a_badge_needs(self, documents):
        jsonld._local.scoped.clear()
        sizes = set()
        for _time in range(2):
            for document in documents:
                jsonld.canonicalise(document)
            sizes.add(len(jsonld._local.scoped))
        [size] = sizes
        assert 5 < size < 40

    def test_a_document_that_nests_types_in_any_order_cannot_fill_the_memory(
        self, issuer, monkeypatch
    ):
        monkeypatch.setattr(jsonld, "_MOST_SCOPED", 12)
        jsonld._local.scoped.clear()
        types = ["Profile", "Achievement", "Evidence", "Criteria", "Image", "Result"]
        for number in range(40):
            document = issuer.unsigned()
            inner: dict = {"type": "Profile", "id": "urn:x:1"}
            for depth in range(4):
                inner = {
                    "type": types[(number * 7 + depth * 5) % 6],
                    "id": f"urn:x:{depth}-{number}",
                    "endorsement": [inner],
                }
            document["evidence"] = [inner]
            with contextlib.suppress(UnsignableError):
                jsonld.canonicalise(document)
            assert len(jsonld._local.scoped) <= 12
