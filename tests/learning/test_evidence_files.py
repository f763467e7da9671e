"""What is kept of files that learners send in, and which are refused."""

import io
import random
import struct
import subprocess
import sys
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from wagtail_col.learning import evidence_files
from wagtail_col.learning.evidence_files import DOCX, ODT, PDF, PHOTO, TEXT, NotAcceptable, clean

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PDF_FILE = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def picture(form="JPEG", size=(640, 480), mode="RGB", **values) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, "teal").save(made, form, **values)
    return made.getvalue()


def package(*names, first=(), prefix=b"") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in first:
            archive.writestr(name, content)
        for name in names:
            archive.writestr(name, "<x/>")
    return prefix + made.getvalue()


def odt(*more) -> bytes:
    return package("content.xml", *more, first=[("mimetype", ODT)])


def docx(*more) -> bytes:
    return package("[Content_Types].xml", "word/document.xml", *more)


def refusal(name, data, **values) -> str:
    with pytest.raises(NotAcceptable) as caught:
        clean(name, data, **values)
    assert caught.value.message
    return caught.value.code


def opened(kept) -> Image.Image:
    assert kept.media_type == PHOTO
    return Image.open(io.BytesIO(kept.content))


# Photos


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_encoded_anew(form):
    sent = picture(form)
    kept = clean("My trip.HEIC.png", sent)
    assert (kept.name, kept.media_type, kept.is_photo) == ("My trip HEIC.jpg", PHOTO, True)
    assert kept.content != sent
    assert opened(kept).format == "JPEG"
    assert opened(kept).size == (640, 480)


def test_a_large_photo_becomes_smaller():
    assert opened(clean("a.jpg", picture(size=(4000, 3000)))).size == (1600, 1200)


def with_place() -> bytes:
    """A photo as a phone takes it: turned by a quarter, and with where that was."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Phone maker"
    exif.get_ifd(0x8825).update({1: "N", 2: (46.0, 3.0, 5.0), 3: "E", 4: (14.0, 30.0, 20.0)})
    return picture(size=(400, 200), exif=exif, comment=b"Ana's phone")


def test_where_it_was_taken_is_not_kept():
    sent = with_place()
    assert dict(Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825))
    kept = clean("a.jpg", sent)
    exif = opened(kept).getexif()
    assert not dict(exif)
    assert not exif.get_ifd(0x8825)
    for told in (b"Exif", b"Phone maker", b"Ana's phone"):
        assert told in sent
        assert told not in kept.content
    assert opened(kept).size == (200, 400), "it stands upright, as it was meant"


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_nor_is_anything_else_that_is_no_pixel(form):
    values = {"xmp": b"<x:xmpmeta>GPSLatitude</x:xmpmeta>"} if form == "WEBP" else {}
    if form == "PNG":
        values["pnginfo"] = PngInfo()
        values["pnginfo"].add_text("Author", "GPSLatitude")
    sent = picture(form, icc_profile=b"GPSLatitude profile", **values)
    assert b"GPSLatitude" in sent
    kept = clean("a", sent)
    assert b"GPSLatitude" not in kept.content
    assert "icc_profile" not in opened(kept).info


def test_a_see_through_picture_stands_on_white():
    sent = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(sent, "PNG")
    assert opened(clean("a.png", sent.getvalue())).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "I;16"])
def test_pictures_of_any_colours(mode):
    assert opened(clean("a.png", picture("PNG", mode=mode if mode != "P" else "L"))).mode == "RGB"


def polyglot() -> bytes:
    """At once a photo, a web page and an archive."""
    return picture() + b"<html><script>alert(1)</script></html>" + odt("evil.xml")


def test_what_stands_behind_a_photo_is_gone():
    sent = polyglot()
    assert zipfile.is_zipfile(io.BytesIO(sent))
    kept = clean("a.html", sent)
    assert kept.name == "a.jpg"
    assert b"script" not in kept.content
    assert not zipfile.is_zipfile(io.BytesIO(kept.content))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int, *chunks: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    rows = zlib.compress(b"\0" * (width // 8 + 1) * min(height, 20_000), 9)
    made = [b"\x89PNG\r\n\x1a\n", head, *chunks, chunk(b"IDAT", rows), chunk(b"IEND", b"")]
    return b"".join(made)


def jpeg_of(width: int, height: int) -> bytes:
    """A JPEG whose head says another size than it has."""
    sent = bytearray(picture(size=(64, 64)))
    at = sent.index(b"\xff\xc0")
    sent[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(sent)


ATTACKS = {
    "400 megapixels": lambda: bomb(20_000, 20_000),
    "wide": lambda: bomb(2**31 - 1, 1),
    "text bomb": lambda: bomb(
        10, 10, chunk(b"iTXt", b"a\0\1\0\0\0" + zlib.compress(b"a" * 200_000_000, 9))
    ),
    "400 megapixels JPEG": lambda: jpeg_of(20_000, 20_000),
    "JPEG cut short": lambda: jpeg_of(9000, 7000),
    "largest JPEG": lambda: picture(size=(9000, 7000)),
    "largest progressive JPEG": lambda: picture(size=(4000, 3000), progressive=True, subsampling=0),
    "largest PNG": lambda: picture("PNG", size=(3400, 2600), mode="RGBA"),
    "largest WebP": lambda: picture("WEBP", size=(2500, 1900)),
    "long and thin": lambda: picture(size=(63_000, 1000)),
    "progressive": lambda: picture(size=(4200, 3000), progressive=True),
    "large WebP": lambda: picture("WEBP", size=(4200, 3000)),
}
#: Answers with what came of a file, and by how many megabytes the process grew.
MEASURE = """
import io, re, sys
from pathlib import Path
from django.conf import settings
settings.configure(USE_I18N=False)
from PIL import Image
from wagtail_col.learning.evidence_files import NotAcceptable, clean
small = io.BytesIO()
Image.new("RGB", (50, 50)).save(small, "JPEG")
clean("a.jpg", small.getvalue())
data = open(sys.argv[1], "rb").read()
peak = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
before = peak()
try:
    clean("a.jpg", data)
    said = "clean"
except NotAcceptable as error:
    said = error.code
print(said, (peak() - before) // 1024)
"""


@pytest.mark.parametrize(
    ("attack", "outcome"),
    [
        ("400 megapixels", {"too-many-pixels"}),
        ("wide", {"too-many-pixels"}),
        ("text bomb", {"damaged", "clean"}),
        ("400 megapixels JPEG", {"too-many-pixels"}),
        ("JPEG cut short", {"damaged", "clean"}),
        ("largest JPEG", {"clean"}),
        ("largest progressive JPEG", {"clean"}),
        ("largest PNG", {"clean"}),
        ("largest WebP", {"clean"}),
        ("long and thin", {"too-many-pixels"}),
        ("progressive", {"too-many-pixels"}),
        ("large WebP", {"too-many-pixels"}),
    ],
)
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="tells nobody of its memory")
def test_attacks_take_little_memory(attack, outcome, tmp_path):
    """In a process of its own, whose memory is measured."""
    file = tmp_path / "attack"
    file.write_bytes(ATTACKS[attack]())
    assert file.stat().st_size < evidence_files.MOST_BYTES
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(file)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    said, megabytes = run.stdout.split()
    assert said in outcome
    assert int(megabytes) < 100


def test_a_picture_of_too_many_pixels_is_not_even_decoded(monkeypatch):
    def decode(*args):
        raise AssertionError("decoded")

    monkeypatch.setattr(Image.Image, "thumbnail", decode)
    assert refusal("a.png", bomb(20_000, 20_000)) == "too-many-pixels"


def test_a_photo_of_today_s_phones_is_taken():
    """50 megapixels."""
    assert opened(clean("a.jpg", picture(size=(8160, 6144)))).size == (1600, 1205)


@pytest.mark.parametrize("part", [0.01, 0.1, 0.5, 0.8])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_part_of_a_picture(form, part):
    whole = picture(form)
    data = whole[: int(len(whole) * part)]
    assert refusal("a", data) in ("damaged", "unknown-type")


@given(st.binary(max_size=200), st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\3\4"]))
def test_whatever_follows_a_beginning(data, begins):
    assert refusal("a", begins + data) in ("damaged", "unknown-type")


def test_a_photo_of_an_apple_phone_is_explained():
    assert refusal("a.heic", b"\0\0\0\x18ftypheic" + b"\0" * 100) == "apple-photo"


# Documents


@pytest.mark.parametrize(
    ("name", "data", "media_type", "kept_as"),
    [
        ("plan.pdf", PDF_FILE, PDF, "plan.pdf"),
        ("plan.exe", PDF_FILE, PDF, "plan.pdf"),
        ("plan.odt", odt(), ODT, "plan.odt"),
        ("plan.zip", docx(), DOCX, "plan.docx"),
        ("plan.txt", "Dež in sonce\n\ttab".encode(), TEXT, "plan.txt"),
        ("plan.TXT", b"\xef\xbb\xbfwith a mark", TEXT, "plan.txt"),
    ],
    ids=["pdf", "named exe", "odt", "named zip", "text", "text with a mark"],
)
def test_documents_are_kept_as_they_are(name, data, media_type, kept_as):
    kept = clean(name, data)
    assert (kept.name, kept.media_type, kept.content) == (kept_as, media_type, data)


REFUSED = {
    "svg": ("a.svg", SVG, "unknown-type"),
    "svg named png": ("a.png", SVG, "unknown-type"),
    "svg named txt": ("a.txt", SVG, "unknown-type"),
    "page named txt": ("a.txt", b"\xef\xbb\xbf \n<html>", "unknown-type"),
    "page named pdf": ("a.pdf", b"<html>%PDF-1.7 %%EOF", "unknown-type"),
    "text without its ending": ("a.html", b"words", "unknown-type"),
    "no words": ("a.txt", b"MZ\x90\x00\x03", "unknown-type"),
    "not unicode": ("a.txt", b"caf\xe9", "unknown-type"),
    "program": ("a.exe", b"MZ\x90\x00\x03", "unknown-type"),
    "gif": ("a.gif", b"GIF89a" + b"\0" * 50, "unknown-type"),
    "half a pdf": ("a.pdf", b"%PDF-1.7\n", "damaged"),
    "empty": ("a.pdf", b"", "empty"),
    "archive": ("a.odt", package("evil.sh"), "unknown-type"),
    "java": ("a.docx", package("META-INF/MANIFEST.MF", "A.class"), "unknown-type"),
    "spreadsheet": ("a.odt", package("content.xml", first=[("mimetype", ODT[:-4] + "sheet")]),
                    "unknown-type"),
    "macros in docx": ("a.docx", docx("word/vbaProject.bin"), "has-macros"),
    "macros in odt": ("a.odt", odt("Basic/Standard/Module1.xml"), "has-macros"),
    "page before an odt": ("a.odt", package("content.xml", first=[("mimetype", ODT)],
                                            prefix=b"PK\3\4<script>"), "damaged"),
    "many members": ("a.odt", odt(*(f"{n}" for n in range(2001))), "damaged"),
    "half an archive": ("a.odt", odt()[:60], "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_other_files_are_refused(what):
    name, data, code = REFUSED[what]
    assert refusal(name, data) == code


def test_a_file_that_is_too_large():
    data = PDF_FILE.replace(b"<<>>", b"<<>>" + b" " * evidence_files.MOST_BYTES, 1)
    assert refusal("a.pdf", data) == "too-large"


def test_an_archive_that_unpacks_to_more_is_not_unpacked():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("mimetype", ODT + " " * 50_000_000)
        archive.writestr("content.xml", "<x/>")
    tracemalloc.start()
    try:
        assert refusal("a.odt", made.getvalue()) == "unknown-type"
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("name", "data"), [("a.pdf", PDF_FILE), ("a.odt", odt()), ("a.docx", docx())]
)
def test_documents_that_can_hold_a_name_do_not_go_to_other_learners(name, data):
    assert refusal(name, data, for_peers=True) == "says-who"


def test_photos_and_words_do():
    assert clean("a.jpg", picture(), for_peers=True).is_photo
    assert clean("a.txt", b"words", for_peers=True).media_type == TEXT


@given(st.text(max_size=300))
def test_a_name_is_harmless_whatever_it_was(name):
    kept = clean(name, PDF_FILE).name
    assert kept.endswith(".pdf")
    assert 4 < len(kept) <= 84
    assert not set(kept) & set('/\\:*?"<>|\r\n\t\0;%')
    assert not kept.startswith(".")
    assert kept.count(".") == 1


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\ana\\Načrt 1.pdf", "Načrt 1.pdf"),
        ("photo.jpg.exe", "photo jpg.pdf"),
        ('a"; filename="b.html', "a filename b.pdf"),
        ("<script>.pdf", "script.pdf"),
        ("....", "File.pdf"),
    ],
)
def test_names_of_files(name, kept):
    assert clean(name, PDF_FILE).name == kept


def test_noise_is_no_file():
    assert refusal("a.bin", random.Random(1).randbytes(5000)) == "unknown-type"
