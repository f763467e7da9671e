import base64
import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wagtail_col.badges.openbadges import status
from wagtail_col.badges.openbadges.errors import Reason, StatusError

from .samples import AWARDED, LIST

SIZE = status.MINIMUM_SIZE
TWICE = gzip.compress(bytes(SIZE // 8), mtime=0) * 2


def packed(data: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(gzip.compress(data, mtime=0)).rstrip(b"=").decode()


@settings(max_examples=30, deadline=None)
@given(st.sets(st.integers(0, SIZE - 1), max_size=50))
def test_set_entries_come_back(indexes):
    bits = status.decode(status.encode(indexes))
    assert len(bits) * 8 == SIZE
    assert {n for n in indexes if status.bit(bits, n)} == indexes
    assert sum(byte.bit_count() for byte in bits) == len(indexes)


def test_the_first_entry_is_the_most_significant_bit():
    bits = status.decode(status.encode([0, 10]))
    assert bits[:2] == b"\x80\x20"


def test_equal_lists_are_equal_text():
    assert status.encode([1]) == status.encode([1])


def test_an_index_tells_nothing():
    drawn = {status.random_index(SIZE) for _ in range(200)}
    assert len(drawn) > 190
    assert all(0 <= index < SIZE for index in drawn)


@pytest.mark.parametrize("size", [0, 8, SIZE - 8, SIZE + 1, 2**40])
def test_sizes_outside_the_standard(size):
    with pytest.raises(StatusError):
        status.encode([], size)


@pytest.mark.parametrize("index", [-1, SIZE])
def test_entries_outside_the_list(index):
    with pytest.raises(StatusError) as caught:
        status.encode([index])
    assert caught.value.code == Reason.INDEX_OUTSIDE
    with pytest.raises(StatusError):
        status.bit(bytes(SIZE // 8), index)
    with pytest.raises(StatusError):
        status.entry(LIST, -1)


@pytest.mark.parametrize(
    "encoded",
    [
        None,
        5,
        "",
        "u",
        "z123",
        "uA",
        "u####",
        "uAAAA",
        "u=" + status.encode([])[1:],
        status.encode([])[:-10],
        packed(bytes(SIZE // 8 - 1)),
        packed(bytes(SIZE // 8))[:20],
        "u" + base64.urlsafe_b64encode(TWICE).rstrip(b"=").decode(),
    ],
)
def test_lists_that_cannot_be_read(encoded):
    with pytest.raises(StatusError) as caught:
        status.decode(encoded)
    assert caught.value.code == Reason.STATUS_LIST_WRONG


def test_a_bomb_is_not_unfolded():
    bomb = packed(bytes(50 * 1024 * 1024))
    with pytest.raises(StatusError):
        status.decode(bomb)


def test_the_list_as_a_credential(issuer):
    document = status.status_list_credential(issuer.did, LIST, [3], valid_from=AWARDED)
    assert status.is_set(document, 3)
    assert not status.is_set(document, 4)
    with pytest.raises(StatusError):
        status.is_set(document, 3, "suspension")
    with pytest.raises(StatusError):
        status.is_set(document, SIZE)
    for wrong in (
        {},
        {**document, "type": ["VerifiableCredential"]},
        {**document, "credentialSubject": [document["credentialSubject"]]},
        {**document, "credentialSubject": {"type": "BitstringStatusList"}},
    ):
        with pytest.raises(StatusError):
            status.is_set(wrong, 3)


def test_an_entry_names_list_and_index():
    assert status.entry(LIST, 5) == {
        "id": f"{LIST}#5",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "5",
        "statusListCredential": LIST,
    }
