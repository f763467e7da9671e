"""The official fixtures of Open Badges 2.0 and 3.0: each one, with what has to come of it.

They are served under the addresses that they name, without any network. Where an address in them
belongs to nobody any more, what an issuer would publish there is written below.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.badges.elsewhere import Pages, outcome
from tests.factories import UserFactory
from wagtail_col.badges.importing import NotImportable, bring
from wagtail_col.badges.openbadges import did, proof, reading, status
from wagtail_col.badges.openbadges.errors import OpenBadgesError, Reason
from wagtail_col.badges.verifying import Verdict, verify_anything

pytestmark = pytest.mark.django_db

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "openbadges"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
EARLY = datetime(2023, 1, 1, tzinfo=UTC)

GENUINE, FALSE, UNKNOWN = Verdict.GENUINE, Verdict.FALSE, Verdict.UNKNOWN
NO_AWARD = (Verdict.UNREADABLE, Reason.NOT_AN_AWARD)
UNREADABLE = Verdict.UNREADABLE

EXPECTED = {
    "ob20/assertion-with-data-image.json": (FALSE, Reason.WRONG_MEMBER),
    "ob20/assertion-with-endorsements.json": (GENUINE, None),
    "ob20/assertion-with-extension-node-basic.json": (GENUINE, None),
    "ob20/assertion-with-extension-node-invalid.json": (UNKNOWN, Reason.UNKNOWN_CONTEXT),
    "ob20/assertion-with-multiple-extensions.json": (GENUINE, None),
    "ob20/badge-class-with-language.json": NO_AWARD,
    "ob20/basic-assertion-expired-before-issued.json": (FALSE, Reason.ENDS_BEFORE_START),
    "ob20/basic-assertion-expired.json": (Verdict.EXPIRED, Reason.EXPIRED),
    "ob20/basic-assertion-in-future.json": (Verdict.NOT_YET, Reason.NOT_YET_VALID),
    "ob20/basic-assertion-invalid-context.json": (UNKNOWN, Reason.UNKNOWN_CONTEXT),
    "ob20/basic-assertion-invalid-type.json": (FALSE, Reason.WRONG_MEMBER),
    "ob20/basic-assertion-no-public-key.json": (GENUINE, None),
    "ob20/basic-assertion-with-allowed-origins-invalid-multiple-starts-with.json": (
        FALSE,
        Reason.OUTSIDE_SCOPE,
    ),
    "ob20/basic-assertion-with-allowed-origins-invalid-starts-with.json": (
        FALSE,
        Reason.OUTSIDE_SCOPE,
    ),
    "ob20/basic-assertion-with-allowed-origins-valid-multiple-starts-with.json": (GENUINE, None),
    "ob20/basic-assertion-with-allowed-origins-valid-starts-with.json": (GENUINE, None),
    "ob20/basic-assertion-with-allowed-origins.json": (GENUINE, None),
    "ob20/basic-assertion-with-language.json": (GENUINE, None),
    "ob20/basic-assertion.json": (GENUINE, None),
    "ob20/issuer-compact-iri-validation.json": NO_AWARD,
    "ob20/redirected-validation-subject.json": (UNREADABLE, Reason.NOT_JSON),
    "ob20/simple-badge.png": (GENUINE, None),
    "ob20/simple-not-revoked.jwt": (GENUINE, None),
    "ob20/simple-revoked.jwt": (Verdict.TAKEN_BACK, Reason.REVOKED),
    "ob20/simple.jwt": (GENUINE, None),
    "ob20/warning-issuer-non-http.json": (GENUINE, None),
    "ob20/warning-with-redirection.json": (GENUINE, None),
    "ob20/rdf-validation/badge-class-invalid-issuer-type.json": NO_AWARD,
    "ob20/rdf-validation/invalid-class.json": (UNREADABLE, Reason.WRONG_MEMBER),
    "ob20/rdf-validation/invalid-empty-type.json": (UNREADABLE, Reason.MISSING_MEMBER),
    "ob20/rdf-validation/invalid-one-invalid-class.json": (UNREADABLE, Reason.WRONG_MEMBER),
    "ob20/rdf-validation/valid-alignment-object.json": NO_AWARD,
    "ob20/rdf-validation/valid-badge-class-empty-criteria-type.json": NO_AWARD,
    "ob20/rdf-validation/valid-badge-class.json": NO_AWARD,
    "ob20/rdf-validation/valid-cool-class.json": NO_AWARD,
    "ob20/rdf-validation/valid-issuer-extension.json": NO_AWARD,
    "ob20/assets/badgecriteria.json": (UNREADABLE, Reason.UNKNOWN_CONTEXT),
    "ob20/assets/beths-robot-badge.png": (UNREADABLE, Reason.NO_CREDENTIAL),
    "ob20/assets/criteria-no-type.json": (UNREADABLE, Reason.MISSING_MEMBER),
    "ob20/assets/openbadges_context.json": (UNREADABLE, Reason.NOT_JSON),
    "ob20/assets/robotics-badge.png": (UNREADABLE, Reason.NO_CREDENTIAL),
    # Its own endorsements have contexts inside, and proofs of kinds that were never standards.
    "ob30/complete.json": (UNKNOWN, Reason.UNUSUAL_SPELLING),
    "ob30/endorsement-valid.json": (GENUINE, None),
    # Of the data model and the cryptosuite before the standard: said to be "not known", not false.
    "ob30/simple-eddsa-2022.json": (UNKNOWN, Reason.UNKNOWN_CONTEXT),
    "ob30/simple-json.png": (GENUINE, None),
    "ob30/simple-json.svg": (GENUINE, None),
    "ob30/simple.json": (GENUINE, None),
    # No achievement, and no key is named.
    "ob30/simple.jwt": (FALSE, Reason.MISSING_MEMBER),
    "ob30/bit-string-list/credential-status-revoked.json": (
        Verdict.TAKEN_BACK,
        Reason.REVOKED,
    ),
    "ob30/bit-string-list/credential-status-revoked-blank-nodes.json": (
        Verdict.TAKEN_BACK,
        Reason.REVOKED,
    ),
}
#: All others of this folder are what assertions refer to.
REFERRED = "ob20/assets/"


def files() -> list[str]:
    found = (path for path in DATA.rglob("*") if path.is_file())
    names = sorted(str(path.relative_to(DATA)) for path in found)
    return [name for name in names if name.startswith(("ob20/", "ob30/"))]


def names() -> list[str]:
    if not DATA.is_dir() and not os.environ.get("CI"):
        return []
    return files()


@pytest.fixture(scope="module")
def web() -> dict[str, bytes]:
    """What stands at the addresses that the fixtures name."""
    pages = {}
    for name in files():
        data = (DATA / name).read_bytes()
        if not name.endswith(".json"):
            continue
        pages[f"https://example.org/{Path(name).name}"] = data
        try:
            document = json.loads(data)
        except ValueError:
            continue
        identifier = document.get("id")
        if name.startswith("ob20/") and isinstance(identifier, str):
            pages.setdefault(identifier.replace("http://", "https://"), data)
    return pages | controllers() | lists()


#: The list that these two name is not among the fixtures: this is one by the same issuer.
LIST_ISSUER = "https://1edtech.edu/issuers/565049"
LIST_KEY = Ed25519PrivateKey.generate()


def lists() -> dict[str, bytes]:
    """The list of what was taken back that two fixtures name, place 23 of which is set."""
    name = "ob30/bit-string-list/credential-status-revoked.json"
    url = json.loads((DATA / name).read_bytes())["credentialStatus"]["statusListCredential"]
    document = status.status_list_credential(LIST_ISSUER, url, (23,), valid_from=EARLY)
    method = did.verification_method(LIST_ISSUER, LIST_KEY.public_key())
    return {url: json.dumps(proof.sign(document, LIST_KEY, method, EARLY)).encode()}


def controllers() -> dict[str, bytes]:
    """What the issuers of the 3.0 fixtures would publish: the keys their proofs are made with."""
    keys = {LIST_ISSUER: {did.encode_multikey(LIST_KEY.public_key())}}
    for name in files():
        if name.startswith("ob30/"):
            try:
                found = reading.read(reading.text_inside((DATA / name).read_bytes())).document
            except OpenBadgesError:
                continue
            proofs = found.get("proof", [])
            for each in proofs if isinstance(proofs, list) else [proofs]:
                issuer, _hash, key = each["verificationMethod"].partition("#")
                keys.setdefault(issuer, set()).add(key)
    return {
        issuer: json.dumps(
            {
                "id": issuer,
                "verificationMethod": [
                    {
                        "id": f"{issuer}#{key}",
                        "type": "Multikey",
                        "controller": issuer,
                        "publicKeyMultibase": key,
                    }
                    for key in sorted(multikeys)
                ],
                "assertionMethod": [f"{issuer}#{key}" for key in sorted(multikeys)],
            }
        ).encode()
        for issuer, multikeys in keys.items()
    }


@pytest.fixture
def learner():
    return UserFactory()


def test_every_file_is_in_the_table():
    if not DATA.is_dir():
        pytest.skip(f"the official fixtures are not here: {DATA}")
    found = set(files())
    assert set(EXPECTED) <= found
    assert all(name.startswith(REFERRED) for name in found - set(EXPECTED))


@pytest.mark.parametrize("name", names() or [pytest.param("", marks=pytest.mark.skip("not here"))])
def test_comes_to_what_it_should(name, web):
    source = (DATA / name).read_bytes()
    pages = Pages(web)
    if name.endswith(".json") or name.startswith("ob20/"):
        pages |= own_address(source)
    report = verify_anything(source, web=pages.web(), now=NOW)
    assert outcome(report) == EXPECTED.get(name, NO_AWARD), report.failure


def own_address(source: bytes) -> dict[str, bytes]:
    """A hosted badge stands at the address that it names; several fixtures name the same."""
    try:
        document = reading.read(reading.text_inside(source)).document
    except OpenBadgesError:
        return {}
    identifier = document.get("id")
    if not isinstance(identifier, str):
        return {}
    return {identifier.replace("http://", "https://"): json.dumps(document).encode()}


@pytest.mark.parametrize("name", names() or [pytest.param("", marks=pytest.mark.skip("not here"))])
def test_is_kept_by_a_learner_or_refused(name, web, learner):
    source = (DATA / name).read_bytes()
    pages = Pages(web) | own_address(source)
    found, _reason = EXPECTED.get(name, NO_AWARD)
    bringing = {"source": source, "web": Pages(pages).web()}
    if found in (FALSE, UNREADABLE) or name == "ob30/endorsement-valid.json":
        with pytest.raises(NotImportable):
            bring(learner, **bringing)
    else:
        kept, created = bring(learner, **bringing)
        assert created and kept.verdict == found
        # All of those name their recipient by a hash of another address.
        assert not kept.is_own
