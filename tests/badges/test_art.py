import io
import re
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from wagtail_col.badges.art import lettering
from wagtail_col.badges.art.drawing import BadgeArt, png, svg
from wagtail_col.badges.art.frames import SHAPES
from wagtail_col.badges.art.icons import ICONS
from wagtail_col.badges.art.palette import LINES, palette, rgb
from wagtail_col.badges.art.paths import flatten
from wagtail_col.badges.art.ring import TRACK, layout
from wagtail_col.badges.models import BadgeShape
from wagtail_col.lines import LineColour
from wagtail_col.outline import Outline, outline

SVG = "{http://www.w3.org/2000/svg}"
TERRITORY = [
    [[-3.8, 40.3], [-3.6, 40.3], [-3.55, 40.42], [-3.6, 40.5], [-3.8, 40.5], [-3.8, 40.3]],
    [[-3.72, 40.38], [-3.68, 40.38], [-3.68, 40.42], [-3.72, 40.42], [-3.72, 40.38]],
]
HARD_NAMES = [
    "",
    " ",
    "A",
    "Od semena do čebeljega panja: žuželke, šipki in ćevapčići đžungle v Ljubljani",
    "W" * 300,
    "مرحبا بكم في المدينة",
    "שלום עולם",
    "学习城市的第一步",
    "🐝 Honey hero 👩‍👩‍👧‍👦🏽",
    "</title></svg><script>alert(1)</script>",
    "\"'&<>]]>",
    "a\x00b\x07c\ud800d\ufffee",
    "\u202eevil\u202c \u2066turned\u2069",
    "line\nbreak\ttab\u2028",
    "\u0301\u0301\u0301",
    "Z̸̢͝a̷͋lgo",
]


def opened(data):
    return Image.open(io.BytesIO(data)).convert("RGBA")


def words(tree):
    return ["".join(path.itertext()) for path in tree.iter(f"{SVG}textPath")]


def title(tree):
    return tree.find(f"{SVG}title").text or ""


class TestSvg:
    def test_shows_name_and_place_and_is_named_for_those_who_do_not_see_it(self):
        tree = ElementTree.fromstring(svg(BadgeArt("Bee keeper", "leaf", "nature", None, "Madrid")))
        assert sorted(words(tree)) == ["Bee keeper", "Madrid"]
        assert title(tree) == "Bee keeper, Madrid"
        assert tree.get("role") == "img"
        assert tree.get("aria-labelledby") == tree.find(f"{SVG}title").get("id")
        assert tree.get("viewBox") == "0 0 512 512"

    @pytest.mark.parametrize("icon", ICONS)
    def test_every_icon_is_another_picture(self, icon):
        drawn = svg(BadgeArt("Same", icon=icon))
        others = {svg(BadgeArt("Same", icon=other)) for other in ICONS if other != icon}
        assert drawn not in others
        assert len(drawn) < 16_000

    def test_an_unknown_icon_is_a_star(self):
        star, unknown = svg(BadgeArt("Same")), svg(BadgeArt("Same", icon="cheese-rolling"))
        ids = re.compile(r"b[0-9a-f]{10}")
        assert ids.sub("", star) == ids.sub("", unknown)

    def test_ids_of_two_badges_on_one_page_differ(self):
        found = [set(re.findall(r' id="([^"]+)"', svg(BadgeArt(n, place="X")))) for n in "ab"]
        assert len(found[0]) == 3
        assert not found[0] & found[1]

    @given(
        name=st.text(max_size=200),
        place=st.text(max_size=80),
        colour=st.sampled_from(sorted(LINES)),
        icon=st.sampled_from([*ICONS, "unknown"]),
    )
    @example("</title></svg><script>alert(1)</script>", '"><script>', "teal", "star")
    @settings(max_examples=60, deadline=None)
    def test_any_name_gives_a_safe_document(self, name, place, colour, icon):
        drawn = svg(BadgeArt(name, colour, icon, TERRITORY, place))
        check_safe(drawn)

    @pytest.mark.parametrize("name", HARD_NAMES)
    def test_hard_names(self, name):
        check_safe(svg(BadgeArt(name, place=name)))

    def test_a_long_name_is_shortened_on_the_ring_and_whole_in_the_title(self):
        name = "The complete history of the trams of Madrid from the first horse to the last driver"
        tree = ElementTree.fromstring(svg(BadgeArt(name, place="Fuencarral-El Pardo")))
        shown = next(w for w in words(tree) if w.startswith("The"))
        assert shown.endswith("…")
        assert len(shown) > 55
        assert name.startswith(shown[:-1])
        assert title(tree).startswith(name)

    def test_a_name_from_right_to_left_says_so(self):
        drawn = svg(BadgeArt("مرحبا بكم", place="Madrid"))
        assert drawn.count('direction="rtl"') == 1

    def test_an_outline_is_parsed_and_not_copied(self):
        art = BadgeArt("x", outline=Outline('M0 0l9 0 0 9z"/><script>alert(1)</script>', 9, 9))
        with pytest.raises(ValueError, match="Not a path"):
            svg(art)

    def test_an_outline_may_be_rings_or_a_path(self):
        shape = outline({"type": "Polygon", "coordinates": TERRITORY}, size=512)
        by_rings, by_path = svg(BadgeArt("x", outline=TERRITORY)), svg(BadgeArt("x", outline=shape))
        ids = re.compile(r"b[0-9a-f]{10}")
        assert ids.sub("", by_rings) == ids.sub("", by_path)
        assert ids.sub("", by_rings) != ids.sub("", svg(BadgeArt("x")))

    @pytest.mark.parametrize("empty", [None, [], Outline("", 0, 0)])
    def test_without_an_outline_there_are_rays(self, empty):
        ids = re.compile(r"b[0-9a-f]{10}")
        assert ids.sub("", svg(BadgeArt("x", outline=empty))) == ids.sub("", svg(BadgeArt("x")))

    def test_an_outline_outside_the_world_is_refused(self):
        with pytest.raises(ValueError):
            svg(BadgeArt("x", outline=[[[0, 0], [200, 0], [0, 10]]]))


def check_safe(drawn):
    tree = ElementTree.fromstring(drawn)
    for element in tree.iter():
        assert element.tag.removeprefix(SVG) in {
            "svg", "title", "defs", "path", "g", "text", "textPath",
        }  # fmt: skip
        for key, value in element.attrib.items():
            assert key != "style"
            assert not key.startswith("on")
            if "href" in key:
                assert value.startswith("#")
    assert not (set(map(chr, range(0x20))) - {"\n"}) & set(drawn)
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(drawn)


class TestPng:
    def test_the_same_art_gives_the_same_bytes(self):
        art = BadgeArt("Bee keeper", "leaf", "nature", TERRITORY, "Madrid")
        assert png(art) == png(art)
        assert png(art) != png(BadgeArt("Bee keepers", "leaf", "nature", TERRITORY, "Madrid"))

    @pytest.mark.parametrize("size", [16, 64, 200, 512, 1024])
    def test_is_a_square_with_nothing_around_the_badge(self, size):
        image = opened(png(BadgeArt("Bee keeper", place="Madrid"), size))
        assert image.size == (size, size)
        assert image.getpixel((0, 0))[3] == 0
        assert image.getpixel((size // 2, size // 2))[3] >= 254

    @pytest.mark.parametrize("size", [0, 15, 2049, -5])
    def test_other_sizes_are_refused(self, size):
        with pytest.raises(ValueError):
            png(BadgeArt("x"), size)

    @pytest.mark.parametrize("icon", ICONS)
    def test_is_small(self, icon):
        name = "Od semena do čebeljega panja in nazaj: vse o čebelah"
        assert len(png(BadgeArt(name, "magenta", icon, TERRITORY, "Ljubljana"))) < 60_000

    @pytest.mark.parametrize("name", HARD_NAMES)
    def test_hard_names(self, name):
        opened(png(BadgeArt(name, place=name), 128))

    @given(st.text(max_size=120))
    @settings(max_examples=40, deadline=None)
    def test_any_name(self, name):
        opened(png(BadgeArt(name, place=name), 32))

    def test_shows_the_colours_of_its_line(self):
        for colour in LINES:
            image = opened(png(BadgeArt("x", colour), 128)).convert("RGB")
            counted = {c for n, c in image.getcolors(1 << 16) if n > 100}
            for part in (palette(colour).line, palette(colour).deep):
                assert any(
                    max(abs(a - b) for a, b in zip(rgb(part), c, strict=True)) < 4 for c in counted
                ), (colour, part)

    def test_a_name_it_cannot_write_leaves_stations(self):
        assert png(BadgeArt("Пчелы", place="София")) == png(BadgeArt("", place=""))
        assert png(BadgeArt("Bees")) != png(BadgeArt(""))
        assert png(BadgeArt("🐝 Bees")) == png(BadgeArt("Bees"))

    @pytest.mark.parametrize(
        ("name", "plain"),
        [("Žlešč", "Zlesc"), ("Añil", "Anil"), ("đak", "dak"), ("Łoś", "Los"), ("Øl", "Ol")],
    )
    def test_accents_are_seen(self, name, plain):
        with_them, without = opened(png(BadgeArt(name))), opened(png(BadgeArt(plain)))
        apart = ImageChops.difference(with_them.convert("RGB"), without.convert("RGB")).convert("L")
        box = apart.point(lambda value: 255 if value > 60 else 0).getbbox()
        assert box is not None
        # On the ring's upper half, and nowhere else.
        assert box[3] < 160


class TestShapes:
    def test_are_those_a_badge_may_have(self):
        assert set(SHAPES) == set(BadgeShape.values)

    def test_another_one_is_refused(self):
        with pytest.raises(ValueError, match="triangle"):
            BadgeArt("x", shape="triangle")

    def test_no_two_are_alike(self):
        drawn = {png(BadgeArt("Bee keeper", shape=shape), 64) for shape in SHAPES}
        assert len(drawn) == len(SHAPES)

    @pytest.mark.parametrize("shape", SHAPES)
    @pytest.mark.parametrize("name", HARD_NAMES)
    def test_hard_names(self, shape, name):
        check_safe(svg(BadgeArt(name, place=name, outline=TERRITORY, shape=shape)))

    @pytest.mark.parametrize("shape", SHAPES)
    @pytest.mark.parametrize("size", [16, 64, 512])
    def test_is_whole_with_nothing_around_it(self, shape, size):
        art = BadgeArt("Od semena do panja", "leaf", "nature", TERRITORY, "Ljubljana", shape)
        image = opened(png(art, size))
        alpha = image.getchannel("A")
        assert image.getpixel((0, 0))[3] < 16
        assert image.getpixel((size // 2, size // 2))[3] >= 254
        left, top, right, bottom = alpha.getbbox()
        # As large as there is room, and nothing cut off at an edge.
        assert right - left > size * 0.8 and bottom - top > size * 0.9
        edge = [alpha.getpixel((at, 0)) for at in range(size)]
        assert sum(value > 128 for value in edge) < size * 0.85
        assert len(png(art, size)) < 60_000

    @pytest.mark.parametrize("shape", SHAPES)
    def test_the_icon_can_be_told_at_64_pixels(self, shape):
        """Its middle, where the icon is, differs from icon to icon by more than a few pixels."""
        middles = [
            opened(png(BadgeArt("", icon=icon, shape=shape), 64)).crop((20, 18, 44, 42))
            for icon in ("star", "books", "music")
        ]
        for one, other in ((0, 1), (1, 2), (0, 2)):
            apart = ImageChops.difference(
                middles[one].convert("L"), middles[other].convert("L")
            ).point(lambda value: 255 if value > 40 else 0)
            assert apart.histogram()[255] > 60


class TestColours:
    def test_are_those_a_line_may_have(self):
        assert set(LINES) == set(LineColour.values)

    def test_another_one_is_refused(self):
        with pytest.raises(ValueError, match="chartreuse"):
            BadgeArt("x", "chartreuse")

    def test_no_two_are_alike(self):
        names = list(LINES)
        for i, one in enumerate(names):
            for other in names[:i]:
                apart = sum(
                    abs(a - b)
                    for part in ("line", "bright")
                    for a, b in zip(
                        rgb(getattr(palette(one), part)),
                        rgb(getattr(palette(other), part)),
                        strict=True,
                    )
                )
                assert apart > 60, (one, other)

    @pytest.mark.parametrize("colour", LINES)
    def test_words_can_be_read_and_the_icon_stands_out(self, colour):
        p = palette(colour)
        assert contrast(p.paper, p.line) >= 4.5
        # The place is large and bold.
        assert contrast(p.pale, p.line) >= 3
        assert contrast(p.deep, p.bright) >= 4.5
        assert contrast(p.paper, p.deep) >= 7


def contrast(a, b):
    """The contrast ratio of WCAG 2.2."""

    def light(colour):
        parts = [v / 255 for v in rgb(colour)]
        r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    dark, bright = sorted((light(a), light(b)))
    return (bright + 0.05) / (dark + 0.05)


class TestIcons:
    @pytest.mark.parametrize("icon", ICONS)
    def test_are_within_their_square_and_of_known_colours(self, icon):
        for shape in ICONS[icon]:
            assert {shape.fill, shape.contour} - {None} <= set(palette("teal")._asdict())
            for ring, _ in flatten(shape.path):
                assert len(ring) >= 2
                assert all(0 <= x <= 102 and 0 <= y <= 100 for x, y in ring), shape.path


class TestRing:
    @given(st.text(min_size=1, max_size=150), st.text(max_size=100))
    @settings(deadline=None)
    def test_words_never_run_into_each_other(self, name, place):
        placed = layout(name, place)
        assert sum(w.angle for w in placed) <= 360
        assert all(abs(w.radius - TRACK) < 20 for w in placed)

    def test_short_names_are_larger(self):
        sizes = [layout("x" * n, "")[0].size for n in (5, 20, 40, 60)]
        assert sizes == sorted(sizes, reverse=True)
        assert len(set(sizes)) >= 3

    def test_is_not_cut_in_the_middle_of_a_letter(self):
        text = layout("c\u030c" * 200, "")[0].text
        assert text.rstrip("…").endswith("c\u030c")
        family = "👩\u200d👩\u200d👧"
        assert "\u200d…" not in layout(family * 60, "")[0].text


class TestLettering:
    @pytest.mark.parametrize(
        "text",
        [
            "ČŠŽĆĐ čšžćđ", "ÁÉÍÓÚÑÜ áéíóúñü", "ĄĘĖĮŲŪ ąęėįųū", "ŁŚŹŻ łśźż", "ŐŰ őű", "ĞŞİ ğşı",
            "ȚȘĂÂÎ țșăâî", "ĻĶŅĢĀĒĪ ļķņģāēī", "ŘĚŮŇĎŤ řěůňďť", "ĽĹŔ ľĺŕ", "ÅØÆ åøæ", "ÇÀÈÙÊÔË ç",
            "ÞÐ þð", "ĦĠ ħġ", "ß ẞ", "Ŵŷ", "ơ ế ả ậ ỹ",
        ],
    )  # fmt: skip
    def test_writes_the_latin_alphabets_of_europe(self, text):
        plain = lettering.drawable(text)
        assert plain is not None
        assert all(c in lettering._ASCII or c in lettering._MARKS for c in plain)

    @pytest.mark.parametrize("text", ["Пчелы", "Μέλισσα", "مرحبا", "学习", "Bees и", "🐝", "", "…"])
    def test_says_what_it_cannot_write(self, text):
        assert lettering.drawable(text) is None

    def test_wide_letters_take_more_room(self):
        assert lettering.width("WWW", 40) > lettering.width("iii", 40) * 2
        assert lettering.width("学习", 40) > 80
        assert lettering.width("c\u030c", 40) == lettering.width("c", 40)
        assert lettering.width("", 40) == 0


class TestPaths:
    def test_reads_absolute_and_relative_commands(self):
        assert flatten("M1 2l3 0 0,3h-3z") == [([(1, 2), (4, 2), (4, 5), (1, 5)], True)]
        assert flatten("M0 0L5 5M1-1V4") == [
            ([(0, 0), (5, 5)], False),
            ([(1, -1), (1, 4)], False),
        ]
        assert flatten("M0 0l1 1zl2 0") == [
            ([(0, 0), (1, 1)], True),
            ([(0, 0), (2, 0)], False),
        ]

    def test_curves_end_where_they_should(self):
        [(ring, closed)] = flatten("M0 0C0 10 10 10 10 0Q15-5 20 0")
        assert not closed
        assert ring[0] == (0, 0)
        assert ring[-1] == pytest.approx((20, 0))
        assert max(y for _, y in ring) == pytest.approx(7.5, abs=0.1)

    @pytest.mark.parametrize(
        "bad",
        ["x", "1 2", "M1", "M1 2A3 3 0 0 0 4 4", "M0 0L1", "M0 0z1 2", "M0 0L1e5 2", "M L1 2 3"],
    )
    def test_refuses_what_is_no_path(self, bad):
        with pytest.raises(ValueError):
            flatten(bad)
