"""Our credentials in front of a verifier that shares no code with this package."""

import json

import pytest
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError

from wagtail_col.badges.openbadges import credential, did

from .samples import LIST, Issuer, compact
from .test_jsonld import edited


def web(issuer: Issuer):
    """What an issuer's site serves, by address."""
    pages = {did.did_document_url(issuer.did): issuer.did_document()}

    def download(url: str, *args, **kwargs) -> bytes:
        page = issuer.status_list() if url == LIST else pages[url]
        return compact(page).encode()

    return download


def test_another_verifier_accepts_it(issuer, badge):
    read = OB3LdpVerifier().verify(compact(badge), download=web(issuer))
    assert read.issuer.id == issuer.did


def test_another_verifier_accepts_it_without_options(issuer):
    plain = issuer.signed(
        achievement=credential.AchievementClaim(LIST, "Name", "Text", "Do it."),
        subject=credential.Subject(id="urn:uuid:0b6ff0b4-3f2c-4d0f-8a5b-7d35d3ad2f6f"),
        valid_until=None,
        evidence=(),
        status=None,
    )
    OB3LdpVerifier().verify(json.dumps(plain, indent=1), download=web(issuer))


def test_another_verifier_reads_the_status():
    issuer = Issuer("revoking")
    badge = issuer.signed()
    options = {"check_status": True, "verify_status_list": False, "download": web(issuer)}
    OB3LdpVerifier().verify(compact(badge), **options)
    issuer.revoked = {94_567}
    with pytest.raises(OB3VerificationError, match="revo"):
        OB3LdpVerifier().verify(compact(badge), **options)


def test_another_verifier_refuses_a_change(issuer, badge):
    with pytest.raises(OB3VerificationError):
        OB3LdpVerifier().verify(
            compact(edited(badge, "credentialSubject.achievement.name", "Other")),
            download=web(issuer),
        )
