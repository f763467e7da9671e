from datetime import timedelta

import pytest

from wagtail_col.badges.openbadges import did, proof
from wagtail_col.badges.openbadges.errors import ProofError, Reason, UnsignableError

from .samples import AWARDED, NOW, Issuer


def refusal(issuer, document, **options) -> Reason:
    with pytest.raises(ProofError) as caught:
        proof.check_proof(document, issuer.resolve_key, **options)
    return caught.value.code


def with_proof(document: dict, **changes) -> dict:
    return {**document, "proof": [{**document["proof"][0], **changes}]}


def test_the_proof_names_its_maker(issuer, badge):
    (made,) = badge["proof"]
    assert made == {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-05-04T10:20:30Z",
        "verificationMethod": f"{issuer.did}#{did.encode_multikey(issuer.public_key)}",
        "proofPurpose": "assertionMethod",
        "proofValue": made["proofValue"],
    }
    assert proof.check_proof(badge, issuer.resolve_key, now=NOW) == issuer.method
    assert "proof" not in issuer.unsigned()


def test_one_proof_may_stand_alone(issuer, badge):
    proof.check_proof({**badge, "proof": badge["proof"][0]}, issuer.resolve_key)


def test_old_badges_verify_with_a_retired_key(issuer, badge):
    later = Issuer()
    document = did.did_document(issuer.did, [later.public_key, issuer.public_key])

    def resolve(method):
        for entry in document["verificationMethod"]:
            if entry["id"] == method:
                return did.decode_multikey(entry["publicKeyMultibase"])
        raise LookupError(method)

    proof.check_proof(badge, resolve)
    with pytest.raises(ProofError) as caught:
        proof.check_proof(Issuer("other").signed(), resolve)
    assert caught.value.code == Reason.KEY_UNKNOWN


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"type": "Ed25519Signature2020"}, Reason.UNSUPPORTED_PROOF),
        ({"cryptosuite": "eddsa-jcs-2022"}, Reason.UNSUPPORTED_PROOF),
        ({"cryptosuite": "eddsa-2022"}, Reason.UNSUPPORTED_PROOF),
        ({"proofPurpose": "authentication"}, Reason.WRONG_PURPOSE),
        ({"verificationMethod": None}, Reason.BAD_PROOF),
        ({"verificationMethod": "did:web:evil.example#z6Mk"}, Reason.KEY_UNKNOWN),
        ({"created": "yesterday"}, Reason.BAD_PROOF),
        ({"created": "2026-05-04T10:20:31Z"}, Reason.SIGNATURE_WRONG),
        ({"expires": "2027-01-01T00:00:00Z"}, Reason.SIGNATURE_WRONG),
        ({"@context": "https://www.w3.org/ns/credentials/v2"}, Reason.BAD_PROOF),
        ({"note": "unsigned"}, Reason.UNDEFINED_TERM),
        ({"nonce": None}, Reason.UNSIGNED_VALUE),
        ({"proofValue": None}, Reason.BAD_PROOF),
        ({"proofValue": "u123"}, Reason.BAD_PROOF),
        ({"proofValue": "z" + "1" * 63}, Reason.BAD_PROOF),
        ({"proofValue": "z" + "1" * 64}, Reason.SIGNATURE_WRONG),
    ],
)
def test_proofs_that_do_not_hold(issuer, badge, changes, code):
    assert refusal(issuer, with_proof(badge, **changes)) == code


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, Reason.NO_PROOF),
        ([], Reason.NO_PROOF),
        ("signed", Reason.BAD_PROOF),
        (["signed"], Reason.BAD_PROOF),
    ],
)
def test_no_proof(issuer, badge, value, code):
    assert refusal(issuer, {**badge, "proof": value}) == code


def test_a_second_proof_is_not_ignored(issuer, badge):
    doubled = {**badge, "proof": badge["proof"] * 2}
    assert refusal(issuer, doubled) == Reason.SEVERAL_PROOFS


def test_dates_of_the_proof(issuer, badge):
    assert refusal(issuer, badge, now=AWARDED - timedelta(minutes=6)) == Reason.PROOF_NOT_YET
    proof.check_proof(badge, issuer.resolve_key, now=AWARDED - timedelta(minutes=4))
    late = with_proof(badge, expires="2026-05-05T00:00:00Z")
    assert refusal(issuer, late, now=NOW) == Reason.PROOF_EXPIRED


def test_a_key_of_somebody_else_does_not_speak_for_the_issuer(issuer):
    """A valid signature by a known key, under another issuer's name."""
    other = Issuer("other")
    document = other.unsigned()
    forged = proof.sign(document, other.private_key, other.method, AWARDED)
    forged["issuer"] = {**forged["issuer"], "id": issuer.did}
    keys = {issuer.method: issuer.public_key, other.method: other.public_key}
    with pytest.raises(ProofError):
        proof.check_proof(forged, keys.__getitem__)

    honest = other.signed()
    with pytest.raises(ProofError) as caught:
        proof.check_method_of_issuer({**honest, "issuer": issuer.did}, other.method)
    assert caught.value.code == Reason.NOT_OF_ISSUER


def test_signing_refuses_what_would_not_verify(issuer, badge):
    with pytest.raises(ProofError) as caught:
        issuer.sign(badge)
    assert caught.value.code == Reason.SEVERAL_PROOFS
    with pytest.raises(ProofError) as caught:
        proof.sign(issuer.unsigned(), Issuer().private_key, issuer.method, AWARDED)
    assert caught.value.code == Reason.BAD_KEY
    with pytest.raises(ProofError) as caught:
        proof.sign(issuer.unsigned(), issuer.private_key, "did:web:x#z6Mk", AWARDED)
    assert caught.value.code == Reason.NOT_OF_ISSUER
    with pytest.raises(UnsignableError):
        issuer.sign({**issuer.unsigned(), "colour": "green"})
    with pytest.raises(ValueError, match="zone"):
        proof.sign(
            issuer.unsigned(), issuer.private_key, issuer.method, AWARDED.replace(tzinfo=None)
        )
