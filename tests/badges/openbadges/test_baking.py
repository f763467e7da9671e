import io
import json
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openbadgeslib import baking as independent
from PIL import Image

from wagtail_col.badges.openbadges import baking
from wagtail_col.badges.openbadges.errors import BakingError, Reason

from .samples import compact, png

PNG = png()
HEADER_END = 8 + 12 + 13


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunk(kind: bytes, data: bytes) -> bytes:
    return PNG[:HEADER_END] + chunk(kind, data) + PNG[HEADER_END:]


def refusal(call, *args) -> Reason:
    with pytest.raises(BakingError) as caught:
        call(*args)
    return caught.value.code


@settings(max_examples=50, deadline=None)
@given(st.text('ab{}[]":,é☀😀\n\t\x01', max_size=300))
def test_what_goes_in_comes_out(text):
    assert baking.unbake_png(baking.bake_png(PNG, text)) == text


def test_a_baked_badge_verifies_and_is_still_an_image(issuer, badge):
    text = compact(badge)
    baked = baking.bake_png(PNG, text.encode())
    assert issuer.verify(baking.unbake_png(baked)).ok
    with Image.open(io.BytesIO(baked)) as image:
        image.load()
        assert image.size == (3, 3)


def test_others_read_it(badge):
    baked = baking.bake_png(PNG, compact(badge))
    keyword = independent.ITXT_KEYWORD_OB3
    assert json.loads(independent.extract_png(baked, keyword=keyword)) == badge
    ours = baking.unbake_png(independent.bake_png(PNG, "{}", keyword=keyword))
    assert ours == "{}"


def test_baking_again_replaces():
    twice = baking.bake_png(baking.bake_png(PNG, "first"), "second")
    assert twice == baking.bake_png(PNG, "second")
    assert twice.count(baking.KEYWORD) == 1
    older = with_chunk(b"iTXt", b"openbadges\0\0\0\0\0https://old.example/1")
    assert b"https://old.example/1" in baking.bake_png(older, "new")


def test_a_published_badge(published):
    document = json.loads(baking.unbake_png(published("simple-json.png")))
    assert "OpenBadgeCredential" in document["type"] or "AchievementCredential" in document["type"]


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a", b"<svg/>", b"\x89PNG\r\n", PNG[1:], b"\xff\xd8\xff" + PNG],
)
def test_not_a_png(data):
    assert refusal(baking.unbake_png, data) == Reason.NOT_PNG
    assert refusal(baking.bake_png, data, "{}") == Reason.NOT_PNG


def test_no_badge_inside():
    assert refusal(baking.unbake_png, PNG) == Reason.NO_CREDENTIAL
    assert refusal(baking.unbake_png, with_chunk(b"tEXt", b"a\0b")) == Reason.NO_CREDENTIAL


def test_two_badges_inside():
    baked = baking.bake_png(PNG, "{}")
    inner = baked[HEADER_END : HEADER_END + 12 + len(baking.KEYWORD) + 5 + 2]
    doubled = baked[:HEADER_END] + inner + baked[HEADER_END:]
    assert refusal(baking.unbake_png, doubled) == Reason.SEVERAL_CREDENTIALS
    assert baking.unbake_png(baking.bake_png(doubled, "one")) == "one"


@pytest.mark.parametrize(
    "data",
    [
        PNG[:-1],
        PNG[:-12],
        PNG[:20],
        PNG[:8],
        PNG[:8] + chunk(b"IEND", b""),
        PNG[:HEADER_END] + chunk(b"IEND", b""),
        PNG[:HEADER_END] + PNG[8:],
        PNG[:8] + chunk(b"IHDR", bytes(13)) + PNG[HEADER_END:],
        PNG[:8] + b"\xff\xff\xff\xff" + PNG[12:],
        PNG[:8] + b"\x7f\xff\xff\xff" + PNG[12:],
        PNG.replace(b"IDAT", b"IDAX"),
        with_chunk(b"iTXt", baking.KEYWORD + b"\0\2\0\0\0{}"),
        with_chunk(b"iTXt", baking.KEYWORD + b"\0\1\1\0\0{}"),
        with_chunk(b"iTXt", baking.KEYWORD + b"\0\1\0\0\0not zlib"),
        with_chunk(b"iTXt", baking.KEYWORD + b"\0\1\0\0\0" + zlib.compress(b"{}")[:-1]),
        with_chunk(b"iTXt", baking.KEYWORD + b"\0\0\0{}"),
        with_chunk(b"iTXt", baking.KEYWORD),
        with_chunk(b"tEXt", baking.KEYWORD + b"\0{}"),
    ],
)
def test_damaged_images(data):
    assert refusal(baking.unbake_png, data) == Reason.BROKEN_PNG


def test_any_changed_byte_is_noticed():
    baked = baking.bake_png(PNG, "{}")
    for position in range(len(baked)):
        changed = bytearray(baked)
        changed[position] ^= 1
        with pytest.raises(BakingError):
            baking.unbake_png(bytes(changed))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_garbage_is_refused_and_nothing_else(data):
    for image in (data, b"\x89PNG\r\n\x1a\n" + data, PNG[:HEADER_END] + data):
        with pytest.raises(BakingError):
            baking.unbake_png(image)


def test_a_compressed_text_is_read_but_no_bomb():
    def compressed(text: bytes) -> bytes:
        return with_chunk(b"iTXt", baking.KEYWORD + b"\0\1\0\0\0" + zlib.compress(text))

    assert baking.unbake_png(compressed(b"{}")) == "{}"
    bomb = compressed(bytes(50 * 1024 * 1024))
    assert refusal(baking.unbake_png, bomb) == Reason.TOO_LARGE


def test_limits():
    large = "x" * (baking.MAX_CREDENTIAL_BYTES + 1)
    assert refusal(baking.bake_png, PNG, large) == Reason.TOO_LARGE
    inside = with_chunk(b"iTXt", baking.KEYWORD + b"\0\0\0\0\0" + large.encode())
    assert refusal(baking.unbake_png, inside) == Reason.TOO_LARGE
    assert refusal(baking.unbake_png, PNG + bytes(baking.MAX_IMAGE_BYTES)) == Reason.TOO_LARGE
    many_pixels = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    huge = PNG[:8] + chunk(b"IHDR", many_pixels) + PNG[HEADER_END:]
    assert refusal(baking.bake_png, huge, "{}") == Reason.TOO_LARGE
    assert refusal(baking.bake_png, PNG, b"a\0b") == Reason.NOT_TEXT
    assert refusal(baking.unbake_png, with_chunk(
        b"iTXt", baking.KEYWORD + b"\0\0\0\0\0\xff"
    )) == Reason.NOT_TEXT  # fmt: skip


def test_bytes_after_the_image_are_left_out():
    assert baking.bake_png(PNG + b"<script>", "{}") == baking.bake_png(PNG, "{}")
