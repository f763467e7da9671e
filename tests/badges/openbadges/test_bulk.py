"""Many signatures at once are the ones that would be made one by one."""

from datetime import timedelta

import pytest
from openbadgeslib.ob3.ldp import OB3LdpVerifier

from wagtail_col.badges.openbadges import proof, shapes
from wagtail_col.badges.openbadges.bulk import sign_many
from wagtail_col.badges.openbadges.errors import ProofError, Reason, UnsignableError

from .crowds import Crowd
from .samples import AWARDED, NOW, Issuer, compact
from .test_independent import web


def signed(issuer, documents, **changes) -> list[dict]:
    values = {
        "private_key": issuer.private_key,
        "verification_method": issuer.method,
        "created": AWARDED,
    }
    return list(sign_many(documents, **values | changes))


def test_the_signatures_are_the_same(issuer):
    crowd = Crowd(issuer, seed=1)
    documents = [crowd.credential(number % 30) for number in range(150)]
    made = signed(issuer, documents)
    expected = [issuer.sign(document) for document in documents]
    assert [compact(document) for document in made] == [compact(document) for document in expected]


def test_the_documents_stay_as_they_were(issuer):
    crowd = Crowd(issuer, seed=1)
    documents = [crowd.credential() for _ in range(3)]
    before = compact(documents)
    made = signed(issuer, documents)
    assert compact(documents) == before
    assert [list(document)[-1] for document in made] == ["proof"] * 3


def test_the_moment_of_the_proof_is_signed(issuer):
    known, crowd = shapes.Shapes(), Crowd(issuer, seed=2)
    for number in range(20):
        document, created = crowd.credential(), AWARDED + timedelta(hours=number)
        make = (document, issuer.private_key, issuer.method, created)
        assert proof.sign(*make, canonicalise=known.canonicalise) == proof.sign(*make)


def test_they_verify(issuer):
    crowd = Crowd(issuer, seed=3)
    for document in signed(issuer, [crowd.credential(form) for form in range(10)] * 2):
        assert proof.check_proof(document, issuer.resolve_key, now=NOW) == issuer.method


def test_another_verifier_accepts_them(issuer):
    crowd = Crowd(issuer, seed=4)
    documents = [crowd.credential(form) for form in (0, 1, 2, 3, 4, 9) * 3]
    for document in signed(issuer, documents):
        read = OB3LdpVerifier().verify(compact(document), download=web(issuer))
        assert read.issuer.id == issuer.did


def test_a_changed_one_does_not_verify(issuer):
    crowd = Crowd(issuer, seed=5)
    first, second = signed(issuer, [crowd.credential(), crowd.credential()])
    for mixed in ({**first, "proof": second["proof"]}, {**second, "name": first["name"]}):
        with pytest.raises(ProofError) as caught:
            proof.check_proof(mixed, issuer.resolve_key)
        assert caught.value.code == Reason.SIGNATURE_WRONG


def test_one_that_cannot_be_signed_stops_there(issuer):
    crowd = Crowd(issuer, seed=6)
    documents = [crowd.credential() for _ in range(4)]
    documents[2]["evidence"] = [{"type": ["Evidence"], "narrative": "a\x00b"}]
    made = sign_many(documents, issuer.private_key, issuer.method, AWARDED)
    assert [next(made), next(made)] == [issuer.sign(document) for document in documents[:2]]
    with pytest.raises(UnsignableError) as caught:
        next(made)
    assert caught.value.code == Reason.CONTROL_CHARACTER


def test_signing_refuses_what_would_not_verify(issuer, badge):
    crowd = Crowd(issuer, seed=7)
    document = crowd.credential()
    for documents, changes, code in (
        ([document, badge], {}, Reason.SEVERAL_PROOFS),
        ([document], {"private_key": Issuer().private_key}, Reason.BAD_KEY),
        ([document, Issuer("other").unsigned()], {}, Reason.NOT_OF_ISSUER),
    ):
        with pytest.raises(ProofError) as caught:
            signed(issuer, documents, **changes)
        assert caught.value.code == code
    with pytest.raises(ValueError, match="zone"):
        signed(issuer, [document], created=AWARDED.replace(tzinfo=None))


def test_nothing_to_sign(issuer):
    assert signed(issuer, []) == []
