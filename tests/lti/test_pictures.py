"""Pictures of courses: drawn again small, or left out; nothing of the provider's file is kept."""

import io
import struct
import zlib

import pytest
from django.core.files.storage import default_storage
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from wagtail_col.fetching import Fetched, FetchRefused
from wagtail_col.lti import pictures


def picture(size=(640, 360), mode="RGB", kind="PNG", colour=None, **save) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, colour or 0).save(file, kind, **save)
    return file.getvalue()


def bomb(side=20_000) -> bytes:
    """A PNG of a few hundred bytes that says it has 400 million pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 100)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.fixture
def served(monkeypatch):
    """What the provider's server answers, by address; everything else is refused."""
    bodies: dict[str, bytes] = {}
    asked: list[str] = []

    def fetch(url, **kwargs):
        asked.append(url)
        if url not in bodies:
            raise FetchRefused("address")
        return Fetched(url, 200, "image/png", bodies[url], {})

    monkeypatch.setattr(pictures, "fetch", fetch)
    bodies["asked"] = asked
    return bodies


@pytest.mark.parametrize(
    ("body", "size", "ending"),
    [
        (picture(), (480, 270), "jpg"),
        (picture((2000, 500), kind="JPEG"), (480, 120), "jpg"),
        (picture((100, 1000), "P", "GIF"), (27, 270), "jpg"),
        (picture((64, 64), "RGBA", colour=(255, 0, 0, 10)), (64, 64), "png"),
        (picture((600, 600), "LA"), (270, 270), "png"),
        (picture((64, 64), "I;16"), (64, 64), "jpg"),
        (picture((500, 500), "CMYK", "JPEG"), (270, 270), "jpg"),
        (picture(kind="WEBP"), (480, 270), "jpg"),
    ],
)
def test_pictures_are_drawn_again_small(body, size, ending):
    drawn, found = pictures.redraw(body)
    assert found == ending
    with Image.open(io.BytesIO(drawn)) as image:
        assert image.size == size


def test_nothing_else_of_the_file_is_kept():
    notes = PngInfo()
    notes.add_text("Comment", "secret <script>")
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    for body in (picture(pnginfo=notes), picture(kind="JPEG", exif=exif)):
        assert b"secret" in body
        assert b"secret" not in pictures.redraw(body)[0]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html>",
        b"%PDF-1.4",
        b"\x89PNG\r\n\x1a\n",
        picture()[:60],
        picture(kind="JPEG")[:300],
        picture(kind="BMP"),
        bomb(),
        bomb(6000),
    ],
)
def test_a_course_picture_that_is_none_or_a_bomb_is_left_out(body):
    assert pictures.redraw(body) is None


def test_the_same_picture_is_stored_once(served):
    served["a"] = served["b"] = picture()
    served["c"] = b"no picture"
    kept = pictures.keep_all(["a", "b", "a", "c", "", "gone"])
    assert kept["a"] == kept["b"]
    assert set(kept) == {"a", "b"}
    assert sorted(served["asked"]) == ["a", "b", "c", "gone"]
    with default_storage.open(kept["a"]) as file, Image.open(file) as image:
        assert image.size == pictures.SIZE
    pictures.forget(kept["a"])
    assert not default_storage.exists(kept["a"])


def test_no_picture_is_fetched_when_time_is_up(served, monkeypatch):
    monkeypatch.setattr(pictures, "SECONDS", 0)
    served["a"] = picture()
    assert pictures.keep_all(["a"]) == {}
    assert served["asked"] == []


def test_a_full_disk_loses_the_picture_only(served, monkeypatch):
    def full(*args, **kwargs):
        raise OSError("no space")

    served["a"] = picture((10, 10))
    monkeypatch.setattr(default_storage, "exists", full)
    assert pictures.keep_all(["a"]) == {}
