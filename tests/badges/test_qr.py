"""QR codes in photos: what is found in them, what is not, and what it costs to look."""

import io
import os
import subprocess
import sys

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from tests.badges.test_uploads import attack, png
from wagtail_col.badges.qr import qr_inside

ADDRESS = "https://city.example/col/badges/shared/0b6ff0b4-3f2c-4d0f-8a5b-7d35d3ad2f6f/"


def code(text=ADDRESS, scale=8) -> Image.Image:
    made = io.BytesIO()
    segno.make(text, error="m", micro=False).save(made, kind="png", scale=scale, border=4)
    return Image.open(made).convert("RGB")


def photo(*codes, size=(3000, 4000), turned=0, blurred=0) -> Image.Image:
    """Codes beside one another on grey paper."""
    made = Image.new("RGB", size, "#b9b4ad")
    for number, one in enumerate(codes):
        made.paste(one, (300 + number * 1200, 900))
    made = made.rotate(turned, expand=True, fillcolor="#4a3d33")
    return made.filter(ImageFilter.GaussianBlur(blurred))


def saved(image: Image.Image, form="JPEG", **values) -> bytes:
    made = io.BytesIO()
    image.save(made, form, **values)
    return made.getvalue()


@pytest.mark.parametrize(
    ("picture", "form", "values"),
    [
        (lambda: code(), "PNG", {}),
        (lambda: code(), "WEBP", {"lossless": True}),
        (lambda: photo(code(scale=20)), "JPEG", {"quality": 70}),
        (lambda: photo(code(scale=20), turned=31, blurred=3), "JPEG", {"quality": 60}),
        (lambda: photo(code(), size=(1500, 2000), turned=180), "JPEG", {"progressive": True}),
        (lambda: photo(code(), code(), size=(3000, 2000)), "JPEG", {}),
    ],
    ids=["drawn", "webp", "photo", "crooked", "upside-down", "the same twice"],
)
def test_is_read(picture, form, values):
    assert qr_inside(saved(picture(), form, **values)) == ADDRESS


def test_a_whole_badge_as_a_token_is_read():
    token = "eyJhbGciOiJFUzI1NiJ9." + "ab1_-" * 200 + ".c"
    assert qr_inside(saved(code(token, scale=4), "PNG")) == token


@pytest.mark.parametrize(
    "data",
    [
        saved(Image.new("RGB", (800, 600), "teal")),
        saved(photo(code(), code("https://other.example/"), size=(3000, 2000))),
        saved(code(), "GIF"),
        saved(photo(code()))[:20_000],
        b"\xff\xd8\xff",
        b"RIFF\0\0\0\0WEBP",
        png(20_000, 20_000, pixels=b""),
        b"{}",
        b"",
    ],
    ids=["nothing", "two", "gif", "cut short", "jpeg", "webp", "pixels", "json", "empty"],
)
def test_is_not_there(data):
    assert qr_inside(data) is None


@given(st.sampled_from([b"\xff\xd8\xff", png()[:40], saved(code())[:700]]), st.binary(max_size=200))
@settings(max_examples=50, deadline=None)
def test_anything_is_read_or_not(start, tail):
    assert qr_inside(start + tail) in (None, ADDRESS)


MEASURED = """
import resource, sys
from django.conf import settings
settings.configure(USE_I18N=False)
from wagtail_col.badges.qr import qr_inside
size = int(sys.argv[1])
small, data = sys.stdin.buffer.read(size), sys.stdin.buffer.read()
assert qr_inside(small) == "x"
before = resource.getrusage(resource.RUSAGE_SELF)
found = qr_inside(data)
after = resource.getrusage(resource.RUSAGE_SELF)
print(bool(found), after.ru_maxrss - before.ru_maxrss, after.ru_utime - before.ru_utime)
"""
COSTLY = {
    "noise": lambda: saved(
        Image.frombytes("L", (2000, 2000), os.urandom(4_000_000)), "JPEG", quality=60
    ),
    "48 megapixels": lambda: saved(photo(code(scale=60), size=(6000, 8000)), "JPEG"),
    "10 megapixels": lambda: png(3160, 3160),
    "400 megapixels": lambda: attack("pixels"),
    "text bomb": lambda: attack("itxt"),
}


@pytest.mark.parametrize("name", COSTLY)
def test_looking_costs_little(name):
    small = saved(code("x"), "PNG")
    run = subprocess.run(
        [sys.executable, "-c", MEASURED, str(len(small))],
        input=small + COSTLY[name](),
        capture_output=True,
        check=True,
    )
    found, kilobytes, seconds = run.stdout.split()
    assert found == (b"True" if name == "48 megapixels" else b"False")
    assert int(kilobytes) < 100 * 1024
    # The processor's own time: how busy the machine is does not count.
    assert float(seconds) < 1
