import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openbadgeslib import baking as independent

from wagtail_col.badges.openbadges import baking, svg_baking
from wagtail_col.badges.openbadges.errors import BakingError, Reason
from wagtail_col.badges.openbadges.svg_baking import bake_svg, unbake_svg

from .samples import compact, png

OPEN = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" data-x=\'a>b\'>'
SVG = b'<?xml version="1.0"?>\n<!-- <svg> -->' + OPEN + b"<title>x</title></svg>"
TOKEN = "eyJhbGciOiJFUzI1NiJ9.e30.AA"
V3, V2 = svg_baking.NAMESPACE, svg_baking.OLDER_NAMESPACE
TWICE = f'<o:credential xmlns:o="{V3}" verify="a"/>'.encode() * 2


def refusal(call, *args, **values) -> Reason:
    with pytest.raises(BakingError) as caught:
        call(*args, **values)
    return caught.value.code


def svg(inside: bytes) -> bytes:
    return OPEN + inside + b"</svg>"


@settings(max_examples=60, deadline=None)
@given(st.text('ab{}[]":,<>&é☀😀\n\t]]>', max_size=300))
def test_what_goes_in_comes_out(text):
    text = "{" + text + "}"
    baked = bake_svg(SVG, text)
    assert unbake_svg(baked) == text
    assert baked.count(b"<title>x</title>") == 1


def test_a_badge_verifies_and_others_read_it(issuer, badge):
    for text in (compact(badge), TOKEN):
        baked = bake_svg(SVG, text.encode())
        element = independent.SVG_ELEMENT_OB3
        assert independent.extract_svg(baked, element=element, text_fallback=True) == text
        assert unbake_svg(baked) == text
    assert issuer.verify(bake_svg(SVG, compact(badge))).ok


def test_what_others_bake(badge):
    theirs = independent.bake_svg(
        SVG, TOKEN, comment="x", element=independent.SVG_ELEMENT_OB3, namespace=V3
    )
    assert unbake_svg(theirs) == TOKEN


def test_baking_again_replaces_and_keeps_the_older_one():
    both = bake_svg(bake_svg(SVG, '{"old":1}', older=True), '{"a":1}')
    again = bake_svg(both, TOKEN)
    assert unbake_svg(again) == TOKEN
    assert again.count(b"openbadges:credential") == 2 and b'{"old":1}' in again
    older = again.replace(V3.encode(), b"urn:x")
    assert unbake_svg(older) == '{"old":1}'


def test_a_png_can_carry_both():
    baked = baking.bake_png(baking.bake_png(png(), '{"old":1}', older=True), "{}")
    assert baking.unbake_png(baked) == "{}"
    assert baking.unbake_png(baking.bake_png(png(), '{"old":1}', older=True)) == '{"old":1}'
    assert independent.extract_png(baked, keyword=independent.ITXT_KEYWORD_OB3) == "{}"


def test_the_address_of_a_hosted_badge():
    inside = f'<o:assertion xmlns:o="{V2}" verify="https://a.example/1"/>'.encode()
    assert unbake_svg(svg(inside)) == "https://a.example/1"
    full = inside.replace(b"/>", b"><![CDATA[{}]]></o:assertion>")
    assert unbake_svg(svg(full)) == "{}"


def test_published_pictures(published):
    assert '"Teamwork Badge"' in unbake_svg(published("simple-json.svg"))


ENTITIES = (
    b'<!DOCTYPE svg [<!ENTITY a "x">]>' + SVG[22:],
    b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + svg(b"<t>&a;</t>"),
    b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + svg(b"&b;"),
    b'<!DOCTYPE svg [<!ENTITY % p SYSTEM "http://127.0.0.1/">%p;]>' + SVG[22:],
    b'<!DOCTYPE svg SYSTEM "http://127.0.0.1/x.dtd">' + svg(b"&unknown;"),
)


@pytest.mark.parametrize("data", ENTITIES, ids=range(len(ENTITIES)))
def test_entities_are_refused(data):
    assert refusal(unbake_svg, data) == Reason.BROKEN_SVG
    assert refusal(bake_svg, data, "{}") == Reason.BROKEN_SVG


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.BROKEN_SVG),
        (b"<svg", Reason.BROKEN_SVG),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><a></svg>", Reason.BROKEN_SVG),
        (b"<html/>", Reason.NOT_SVG),
        (b"<svg/>", Reason.NOT_SVG),
        (SVG, Reason.NO_CREDENTIAL),
        (svg(f'<o:credential xmlns:o="{V3}"/>'.encode()), Reason.NO_CREDENTIAL),
        (
            svg(f'<o:credential xmlns:o="{V3}" verify="a"/>'.encode() * 2),
            Reason.SEVERAL_CREDENTIALS,
        ),
        (svg(f'<o:credential xmlns:o="{V3}"><b/></o:credential>'.encode()), Reason.BROKEN_SVG),
        (b"<?xml version='1.0' encoding='utf-7'?>" + OPEN + b"</svg>", Reason.BROKEN_SVG),
        (svg(b"<g>" * 200 + b"</g>" * 200), Reason.TOO_COMPLEX),
        (svg(b"<g/>" * 60_000), Reason.TOO_COMPLEX),
        (b" " * (baking.MAX_IMAGE_BYTES + 1), Reason.TOO_LARGE),
        (
            svg(f'<o:credential xmlns:o="{V3}">{"x" * 300_000}</o:credential>'.encode()),
            Reason.TOO_LARGE,
        ),
    ],
    ids=range(14),
)
def test_what_is_no_picture_with_a_badge(data, reason):
    assert refusal(unbake_svg, data) == reason


def test_what_cannot_be_baked():
    assert refusal(bake_svg, SVG, "a\x01b") == Reason.NOT_TEXT
    assert refusal(bake_svg, SVG, "a\ufffeb") == Reason.NOT_TEXT
    assert refusal(bake_svg, SVG, b"\xff") == Reason.NOT_TEXT
    assert refusal(bake_svg, SVG, "x" * 300_000) == Reason.TOO_LARGE
    assert refusal(bake_svg, SVG.decode().encode("utf-16"), "{}") == Reason.BROKEN_SVG
    assert refusal(bake_svg, OPEN[:-1] + b"/>", "{}") == Reason.BROKEN_SVG


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60), st.integers(0, len(SVG)))
def test_any_bytes_are_refused_politely(data, position):
    for image in (data, SVG[:position] + data + SVG[position:]):
        try:
            unbake_svg(image)
        except BakingError as error:
            assert error.code
