"""Data Integrity proofs: ``eddsa-rdfc-2022`` signs; ``ecdsa-rdfc-2019`` (P-256) is verified too.

Sources: VC Data Integrity 1.0; Data Integrity EdDSA Cryptosuites 1.0, section 3.2; Data Integrity
ECDSA Cryptosuites 1.0, section 3.2.
"""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from . import multibase
from .dates import CLOCK_TOLERANCE, read_moment, write_moment
from .did import encode_multikey
from .errors import KeyUnknownError, OpenBadgesError, ProofError, Reason, UnsignableError
from .jsonld import canonicalise as canonicalise_plainly
from .jwk import PublicKey

CRYPTOSUITE = "eddsa-rdfc-2022"
ECDSA_CRYPTOSUITE = "ecdsa-rdfc-2019"
PURPOSE = "assertionMethod"
_SIGNATURE_BYTES = 64

# From a verification method to its key, of whatever kind.
ResolveKey = Callable[[str], PublicKey]
# From a document to its canonical statements; raises ``UnsignableError``.
Canonicalise = Callable[[dict], str]


def sign(
    document: dict,
    private_key: Ed25519PrivateKey,
    verification_method: str,
    created: datetime,
    *,
    canonicalise: Canonicalise = canonicalise_plainly,
) -> dict:
    """A copy of ``document`` with a proof, as a list of one.

    ``verification_method`` is ``<issuer's DID>#<multikey of private_key>``; ``created`` is aware.
    ``canonicalise`` writes what ``jsonld.canonicalise`` writes, and may know a quicker way.
    Raises ``UnsignableError`` when a signature would not cover the whole document, ``ProofError``
    when the key is not the issuer's or the document is signed already.
    """
    if "proof" in document:
        raise ProofError("This document is signed already.", Reason.SEVERAL_PROOFS)
    check_method_of_issuer(document, verification_method)
    if verification_method.partition("#")[2] != encode_multikey(private_key.public_key()):
        raise ProofError("The private key is not the one that is named.", Reason.BAD_KEY)
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": write_moment(created),
        "verificationMethod": verification_method,
        "proofPurpose": PURPOSE,
    }
    signature = private_key.sign(_hash(document, options, canonicalise))
    return {**document, "proof": [{**options, "proofValue": multibase.encode(signature)}]}


def check_proof(document: dict, resolve_key: ResolveKey, *, now: datetime | None = None) -> str:
    """Checks the one proof of ``document`` and that its key is the issuer's.

    ``resolve_key`` takes the verification method and returns the key, or raises
    ``KeyUnknownError``. With ``now``, the proof's own dates are checked too. Returns the
    verification method. Raises ``ProofError`` with the reason.
    """
    method = check_signature(document, resolve_key, now=now)
    check_method_of_issuer(document, method)
    return method


def check_signature(document: dict, resolve_key: ResolveKey, *, now: datetime | None = None) -> str:
    """Like ``check_proof`` without asking whose key it is."""
    proof = _read_proof(document, now)
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    method = options["verificationMethod"]
    try:
        signature = multibase.decode(proof.get("proofValue"))
    except ValueError as error:
        raise ProofError("The signature is not readable.", Reason.BAD_PROOF) from error
    if len(signature) != _SIGNATURE_BYTES:
        raise ProofError("The signature has the wrong length.", Reason.BAD_PROOF)
    key = resolved(method, resolve_key)
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    try:
        _verify(key, proof["cryptosuite"], signature, unsecured, options)
    except UnsignableError as error:
        raise ProofError(error.message, error.code, **error.data) from error
    except InvalidSignature as error:
        raise ProofError(
            "The signature does not match: something was changed after signing.",
            Reason.SIGNATURE_WRONG,
        ) from error
    return method


def _verify(
    key: PublicKey, cryptosuite: str, signature: bytes, document: dict, options: dict
) -> None:
    if cryptosuite == CRYPTOSUITE and isinstance(key, Ed25519PublicKey):
        key.verify(signature, _hash(document, options))
    elif (
        cryptosuite == ECDSA_CRYPTOSUITE
        and isinstance(key, EllipticCurvePublicKey)
        and isinstance(key.curve, SECP256R1)
    ):
        half = _SIGNATURE_BYTES // 2
        r, s = int.from_bytes(signature[:half]), int.from_bytes(signature[half:])
        key.verify(encode_dss_signature(r, s), _hash(document, options), ECDSA(SHA256()))
    else:
        raise ProofError("The key is of another kind than the signature.", Reason.BAD_KEY)


def issuer_id(document: dict) -> str | None:
    """The issuer's identifier, whether the issuer is written as a text or as an object."""
    issuer = document.get("issuer")
    if isinstance(issuer, dict):
        issuer = issuer.get("id")
    return issuer if isinstance(issuer, str) else None


def resolved(method: str, resolve):
    """What ``resolve`` answers for ``method``. Raises ``ProofError`` for whatever it raises."""
    try:
        return resolve(method)
    except OpenBadgesError as error:
        raise ProofError(error.message, error.code, **error.data) from error
    except LookupError as error:
        unknown = KeyUnknownError(method)
        raise ProofError(unknown.message, unknown.code, **unknown.data) from error


def _read_proof(document: dict, now: datetime | None) -> dict:
    proofs = document.get("proof")
    proofs = proofs if isinstance(proofs, list) else [proofs]
    if not proofs or proofs == [None]:
        raise ProofError("This is not signed.", Reason.NO_PROOF)
    if len(proofs) > 1:
        raise ProofError("This has several signatures; one is expected.", Reason.SEVERAL_PROOFS)
    proof = proofs[0]
    if not isinstance(proof, dict):
        raise ProofError("The proof is not an object.", Reason.BAD_PROOF)
    suites = (CRYPTOSUITE, ECDSA_CRYPTOSUITE)
    if proof.get("type") != "DataIntegrityProof" or proof.get("cryptosuite") not in suites:
        raise ProofError(
            f"The proof is not of a kind that is read here ({', '.join(suites)}).",
            Reason.UNSUPPORTED_PROOF,
        )
    if proof.get("proofPurpose") != PURPOSE:
        raise ProofError("The proof was made for another purpose.", Reason.WRONG_PURPOSE)
    if not isinstance(proof.get("verificationMethod"), str):
        raise ProofError("The proof does not say which key signed.", Reason.BAD_PROOF)
    if "@context" in proof:
        raise ProofError("The proof has a context of its own.", Reason.BAD_PROOF)
    _check_proof_dates(proof, now)
    return proof


def _check_proof_dates(proof: dict, now: datetime | None) -> None:
    moments = {}
    for name in ("created", "expires"):
        if name in proof:
            try:
                moments[name] = read_moment(proof[name])
            except ValueError as error:
                raise ProofError(
                    f"“{name}” of the proof is not a date and time with a zone.",
                    Reason.BAD_PROOF,
                    member=name,
                ) from error
    if now is None:
        return
    if "created" in moments and moments["created"] > now + CLOCK_TOLERANCE:
        raise ProofError("The proof says it was made in the future.", Reason.PROOF_NOT_YET)
    if "expires" in moments and moments["expires"] < now:
        raise ProofError("The proof has expired.", Reason.PROOF_EXPIRED)


def check_method_of_issuer(document: dict, method: str) -> None:
    """Raises ``ProofError`` unless ``method`` is a key of the issuer that ``document`` names."""
    issuer = issuer_id(document)
    did, hash_, fragment = method.partition("#")
    if not issuer or did != issuer or not hash_ or not fragment:
        raise ProofError(
            "The key that signed does not belong to the issuer that is named.",
            Reason.NOT_OF_ISSUER,
            verification_method=method[:300],
        )


def _hash(
    document: dict, options: dict, canonicalise: Canonicalise = canonicalise_plainly
) -> bytes:
    """What is signed: SHA-256 of the proof's options, then SHA-256 of the document."""
    configuration = {"@context": document.get("@context"), **options}
    return (
        sha256(canonicalise(configuration).encode()).digest()
        + sha256(canonicalise(document).encode()).digest()
    )
