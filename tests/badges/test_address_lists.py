"""Reading what an organiser pastes or uploads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_col.badges import address_lists
from wagtail_col.badges.address_lists import Line, Unreadable, read_file, read_text


def emails(addresses):
    return [line.email for line in addresses.lines]


@pytest.mark.parametrize(
    "text",
    [
        "ana@x.org\nbor@x.org",
        "ana@x.org, bor@x.org",
        "ana@x.org;bor@x.org;",
        "ana@x.org bor@x.org",
        "  ana@x.org\r\n\r\n bor@x.org \r",
        "Ana Novak <ana@x.org>, <bor@x.org>",
        '"Novak, Ana" <ana@x.org>; "Bor" <BOR@x.org>',
        "mailto:ana@x.org\tbor@x.org",
        "email\nana@x.org\nbor@x.org",
        "\ufeffE-Mail\nANA@x.org\n\nbor@x.org\n",
    ],
)
def test_addresses_however_they_are_written(text):
    assert emails(read_text(text)) == ["ana@x.org", "bor@x.org"]


@pytest.mark.parametrize("divider", [",", ";", "\t"])
@pytest.mark.parametrize("header", ["email{}narrative", "NARRATIVE{}E-Mail", "Nr{}Email{}Text"])
def test_a_table(header, divider):
    head = header.replace("{}", divider)
    names = [name.lower() for name in head.split(divider)]
    cells = {"email": "ana@x.org", "e-mail": "ana@x.org", "nr": "1"}
    row = divider.join(cells.get(name, '"Two ""words"", and\nmore; text"') for name in names)
    [line] = read_text(f"{head}\n{row}\n").lines
    assert line == Line("ana@x.org", 'Two "words", and\nmore; text')


def test_a_table_with_a_divider_of_excel():
    assert emails(read_text("sep=;\nemail;narrative\nana@x.org;Good")) == ["ana@x.org"]


def test_a_short_row_has_no_text():
    lines = read_text("email,narrative\nana@x.org\n,lost\n").lines
    assert lines[0] == Line("ana@x.org")
    assert lines[1].problem


def test_who_is_there_twice_counts_once_and_keeps_the_text():
    read = read_text("email,narrative\nana@x.org,\nANA@x.org,Good\nana@x.org,Late")
    assert read.lines == [Line("ana@x.org", "Good")]
    assert read.merged == 2


@pytest.mark.parametrize("written", ["ana", "ana@", "@x.org", "a b@x.org", "ana@x", "<script>"])
def test_what_is_no_address_is_said(written):
    read = read_text(f"bor@x.org\n{written}")
    assert [bool(line.problem) for line in read.lines] == [False, True]


def test_a_text_that_is_too_long_is_said():
    read = read_text(f"email,narrative\nana@x.org,{'x' * 2001}")
    assert "2001" in read.lines[0].problem


def test_control_characters_do_not_get_into_a_badge():
    assert read_text("email,narrative\nana@x.org,a\x07b").lines == [Line("ana@x.org", "a b")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \n;, \n", "empty"),
        ("email,narrative\n", "empty"),
        ("name,narrative\nAna,Good", "no-email-column"),
        ("\n".join(f"a{n}@x.org" for n in range(5001)), "too-many"),
        ("x" * (2 * 1024 * 1024 + 1), "too-large"),
    ],
    ids=["nothing", "dividers", "header", "no-email", "many", "large"],
)
def test_refused(text, code):
    with pytest.raises(Unreadable) as refusal:
        read_text(text)
    assert refusal.value.code == code and refusal.value.message


class TestFile:
    def test_with_the_mark_of_utf_8(self):
        read = read_file("\ufeffemail;narrative\nana@x.org;Čista reka".encode())
        assert read.lines == [Line("ana@x.org", "Čista reka")] and not read.note

    def test_as_excel_saves_unicode_text(self):
        read = read_file("email\tnarrative\nana@x.org\tČista reka".encode("utf-16"))
        assert read.lines == [Line("ana@x.org", "Čista reka")]

    def test_as_older_programs_save_it(self):
        read = read_file("email;narrative\nana@x.org;Río".encode("latin-1"))
        assert read.lines == [Line("ana@x.org", "Río")]
        assert "UTF-8" in read.note

    @pytest.mark.parametrize(
        "data", [b"\x89PNG\r\n\x1a\n\x00\x00", b"\xff\xfea", b"\xfe\xff\xd8\x00"]
    )
    def test_not_text(self, data):
        with pytest.raises(Unreadable) as refusal:
            read_file(data)
        assert refusal.value.code == "not-text"

    def test_too_large(self):
        with pytest.raises(Unreadable) as refusal:
            read_file(b"a" * (address_lists.MOST_BYTES + 1))
        assert refusal.value.code == "too-large"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    try:
        read = read_file(data)
    except Unreadable:
        return
    check(read)


@given(st.text(alphabet='ab@.,;"\n\t <>émailnrtv', max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        read = read_text(text)
    except Unreadable:
        return
    check(read)


def check(read):
    assert len({line.email for line in read.lines}) == len(read.lines) > 0
    for line in read.lines:
        assert line.problem or ("@" in line.email and line.email == line.email.lower())
        assert len(line.email) <= 254
