"""Identifiers with a space that is not ASCII: PyLD would leave out all that they say."""

import sys

import pytest

from wagtail_col.badges.openbadges import jsonld
from wagtail_col.badges.openbadges.errors import FieldError, Reason, UnsignableError
from wagtail_col.badges.openbadges.verification import CheckCode

SPACES = [chr(n) for n in range(sys.maxunicode + 1) if chr(n).isspace()]
PLACES = ("https://evil.example/{}", "urn:uuid:{}1", "did:web:{}.example", "mailto:a{}")


def evidence(address: str) -> list[dict]:
    return [{"id": address, "type": ["Evidence"], "narrative": "Won a prize."}]


@pytest.mark.parametrize("place", PLACES)
def test_nothing_can_be_added_below_such_an_identifier(issuer, place):
    signed = issuer.signed(evidence=())
    for space in SPACES:
        report = issuer.verify({**signed, "evidence": evidence(place.format(space))})
        assert report.failure.code == CheckCode.SIGNATURE, hex(ord(space))
        # ASCII spaces and the ones that are control characters have reasons of their own.
        assert report.failure.reason in (Reason.BAD_IDENTIFIER, Reason.CONTROL_CHARACTER)


@pytest.mark.parametrize("space", SPACES)
def test_such_an_identifier_is_not_signed(issuer, space):
    with pytest.raises(FieldError):
        issuer.unsigned(credential_id=f"https://city.example/{space}")
    with pytest.raises(UnsignableError):
        issuer.sign({**issuer.unsigned(), "evidence": evidence(f"urn:x:{space}")})


def test_other_letters_of_the_world_are_fine(issuer):
    address = "https://città.example/città/河?q=é#ñ"
    document = {**issuer.unsigned(), "evidence": evidence(address)}
    assert f"<{address}> " in jsonld.canonicalise(document)
