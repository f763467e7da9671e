"""Credentials signed one by one and in bulk, beside the bare Ed25519 signature."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.benchmarks.timing import Row, compare
from wagtail_col.badges.openbadges import credential, did, proof, status
from wagtail_col.badges.openbadges.bulk import sign_many

JOBS = ("badge-sign", "badge-sign-bulk")
SITE = "https://city.example"
PEOPLE = 1000
ROUNDS = {"badge-sign": 300, "badge-sign-bulk": 3000}


def run(backend: str, only: str) -> list[Row]:
    """Rows of both jobs, or of the one named ``only``: one credential a round.

    Floor: the signature alone, over the two hashes that it covers. Needs no database.
    """
    key = Ed25519PrivateKey.generate()
    issuer = did.did_web(SITE, "issuers", "city")
    method = did.verification_method(issuer, key.public_key())
    documents = [document(issuer, number) for number in range(PEOPLE)]
    hashes = secrets.token_bytes(64)
    made = {"badge-sign": one_by_one, "badge-sign-bulk": in_bulk}
    return [
        compare(
            job,
            backend,
            PEOPLE,
            signing(documents, key, method),
            lambda: key.sign(hashes),
            rounds=ROUNDS[job],
        )
        for job, signing in made.items()
        if not only or only == job
    ]


def one_by_one(documents: list[dict], key: Ed25519PrivateKey, method: str) -> Callable:
    turns = cycle(documents)
    return lambda: proof.sign(next(turns), key, method, datetime.now(UTC))


def in_bulk(documents: list[dict], key: Ed25519PrivateKey, method: str) -> Callable:
    signed: Iterator[dict] = sign_many(cycle(documents), key, method, datetime.now(UTC))
    return lambda: next(signed)


def document(issuer: str, number: int) -> dict:
    """What an award of this package says: about 3 kB with all that it may say."""
    key = uuid.uuid4()
    awarded = datetime(2026, 5, 4, 10, 20, 30, tzinfo=UTC) + timedelta(minutes=number)
    return credential.build(
        f"{SITE}/badges/{key}.json",
        issuer=credential.Profile(
            issuer, "City of Learning", url=SITE, email="badges@city.example"
        ),
        achievement=credential.AchievementClaim(
            id=f"{SITE}/achievements/river",
            name="Río limpio",
            description="Knows how to measure the water of a river.",
            criteria="Take part in three measurements and write down what you saw.",
            criteria_id=f"{SITE}/achievements/river#criteria",
            image=f"{SITE}/achievements/river.png?lang=es",
            language="es",
            alignments=tuple(
                credential.Alignment(name, f"http://data.europa.eu/esco/skill/{name}", "ESCO")
                for name in ("sampling", "teamwork", "reporting")
            ),
            tags=("water", "river"),
            other_languages=(("en", f"{SITE}/achievements/river?lang=en"),),
        ),
        subject=credential.Subject(
            email=f"learner{number}@city.example", salt=secrets.token_hex(16)
        ),
        valid_from=awarded,
        valid_until=awarded + timedelta(days=365),
        evidence=(
            credential.EvidenceItem(
                f"Finished the line “Clean river”.\n- Measuring, group {number} – with a code.",
                name="Clean river",
                id=f"{SITE}/badges/{key}#evidence",
            ),
        ),
        status=status.entry(f"{SITE}/status/1", status.random_index()),
    )
