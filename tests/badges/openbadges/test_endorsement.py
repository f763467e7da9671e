"""Endorsements: what they say, that they hold, and that nothing in them can be changed."""

import copy
import json

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openbadgeslib.ob3.ldp import verify_data_integrity_proof
from openbadgeslib.ob3.verifier import OB3VerificationError

from wagtail_col.badges.openbadges import endorsement, status
from wagtail_col.badges.openbadges.did import decode_multikey
from wagtail_col.badges.openbadges.errors import FieldError, Reason, UnsignableError
from wagtail_col.badges.openbadges.structure import is_endorsement
from wagtail_col.badges.openbadges.verification import CheckCode, verify

from .samples import AWARDED, LIST, NOW, SITE, Issuer, compact

COMMENT = "Ana worked with us for a summer.\nWe would take her “again” \\ any day. Ž 🎓"


def unsigned(issuer: Issuer, **changes) -> dict:
    values = {
        "credential_id": f"{SITE}/endorsements/1",
        "endorser": endorsement.Endorser(issuer.profile, "Eva Ruiz, head of the workshop"),
        "of": f"{SITE}/credentials/1",
        "comment": COMMENT,
        "name": "Endorsement of “Río limpio”",
        "description": "Signed by the city for Nave Sur.",
        "valid_from": AWARDED,
        "status": status.entry(LIST, 94_567),
    }
    return endorsement.build(**values | changes)


def pem(issuer: Issuer) -> bytes:
    return issuer.public_key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


@pytest.fixture(scope="module")
def endorser() -> Issuer:
    return Issuer("endorser")


@pytest.fixture(scope="module")
def signed(endorser) -> dict:
    return endorser.sign(unsigned(endorser))


def test_says_what_is_endorsed_by_whom_and_why(signed, endorser):
    assert signed["type"] == ["VerifiableCredential", "EndorsementCredential"]
    assert signed["issuer"]["id"] == endorser.did
    assert signed["issuer"]["official"] == "Eva Ruiz, head of the workshop"
    assert signed["credentialSubject"] == {
        "id": f"{SITE}/credentials/1",
        "type": ["EndorsementSubject"],
        "endorsementComment": COMMENT,
    }
    assert signed["proof"][0]["cryptosuite"] == "eddsa-rdfc-2022"


def test_holds(signed, endorser):
    assert endorser.verify(signed).ok


def test_holds_without_options(endorser):
    plain = unsigned(
        endorser, endorser=endorsement.Endorser(endorser.profile), description="", status=None
    )
    assert "official" not in plain["issuer"]
    assert "description" not in plain
    report = endorser.verify(endorser.sign(plain))
    assert report.ok
    assert report.check(CheckCode.STATUS).reason == Reason.NO_STATUS


def test_taken_back_shows_as_such():
    endorser = Issuer("taking-back")
    endorser.revoked = {94_567}
    assert endorser.verify(endorser.sign(unsigned(endorser))).failure.reason == Reason.REVOKED


def test_a_proof_checker_that_shares_no_code_accepts_it_and_refuses_a_change(signed, endorser):
    verify_data_integrity_proof(signed, pem(endorser))
    changed = copy.deepcopy(signed)
    changed["credentialSubject"]["endorsementComment"] = "Something else."
    with pytest.raises(OB3VerificationError):
        verify_data_integrity_proof(changed, pem(endorser))


def test_the_published_one_holds(published):
    def key(method):
        return decode_multikey(method.partition("#")[2])

    report = verify(
        published("endorsement-valid.json"), resolve_key=key, resolve_status_list=None, now=NOW
    )
    assert report.ok, report.failure


@pytest.mark.parametrize(
    "changes",
    [{"of": ""}, {"of": "no address"}, {"comment": " "}, {"name": ""}, {"credential_id": "/1"}],
    ids=["of nothing", "of no address", "no comment", "no name", "not complete"],
)
def test_refuses_what_is_missing(endorser, changes):
    with pytest.raises(FieldError):
        unsigned(endorser, **changes)


def test_needs_a_zone(endorser):
    with pytest.raises(FieldError):
        unsigned(endorser, valid_from=AWARDED.replace(tzinfo=None))


@pytest.mark.parametrize("where", ["comment", "name", "description"])
def test_a_control_character_is_not_signed(endorser, where):
    with pytest.raises(UnsignableError):
        endorser.sign(unsigned(endorser, **{where: "Fine \x07 otherwise"}))


@pytest.mark.parametrize("member", ["id", "name", "issuer", "validFrom", "credentialSubject"])
def test_every_needed_member_is_asked_for(signed, endorser, member):
    document = {name: value for name, value in signed.items() if name != member}
    report = endorser.verify(document)
    assert report.failure.code == CheckCode.STRUCTURE


def test_of_both_kinds_is_looked_at_as_a_badge(signed, endorser):
    both = {**signed, "type": [*signed["type"], "OpenBadgeCredential"]}
    assert not is_endorsement(both)
    assert endorser.verify(both).failure.code == CheckCode.STRUCTURE


def texts(value, path=()):
    """Paths of all texts in a document."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from texts(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts(inner, (*path, index))
    else:
        yield path


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_text_in_it_can_be_changed(signed, endorser, data):
    changed = copy.deepcopy(signed)
    *way, last = data.draw(st.sampled_from(sorted(texts(signed), key=str)))
    parent = changed
    for step in way:
        parent = parent[step]
    before = parent[last]
    parent[last] = data.draw(st.text(max_size=40).filter(lambda text: text != before))
    assert not endorser.verify(json.dumps(changed)).ok


@settings(max_examples=40, deadline=None)
@given(name=st.text(min_size=1, max_size=12), value=st.text(min_size=1, max_size=12))
def test_nothing_can_be_added(signed, endorser, name, value):
    if name in signed:
        return
    assert not endorser.verify(compact({**signed, name: value})).ok
    inside = copy.deepcopy(signed)
    if name not in inside["credentialSubject"]:
        inside["credentialSubject"][name] = value
        assert not endorser.verify(compact(inside)).ok
