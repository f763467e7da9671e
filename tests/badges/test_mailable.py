"""Words that we write to strangers for somebody: what looks like an address is refused."""

import pytest
from django.core.exceptions import ValidationError

from wagtail_col.badges.mailable import check_mailable


def refused(text) -> ValidationError:
    with pytest.raises(ValidationError) as refusal:
        check_mailable(text)
    return refusal.value


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Look at https://evil.example now", "https://evil.example"),
        ("ftp+x://a", "ftp+x://a"),
        ("custom-scheme:/here", "custom-scheme:/here"),
        ("see (www.evil)", "(www.evil)"),
        ("or evil.example, please", "evil.example,"),
        ("or evil。example", "evil。example"),
        ("mail\u00a0me@evil", "me@evil"),
        ("with a joiner: evil.ex\u200dample", "evil.example"),
        ("x" * 80 + ".example", "x" * 60),
    ],
)
def test_the_word_is_named(text, word):
    assert refused(text).params == {"found": word}


@pytest.mark.parametrize(
    "text", ["We met on 3.10.2026 at 10.30, e.g. here.", "Well done… 👩\u200d🔧", "1:/2", "a.b", ""]
)
def test_plain_words_are_fine(text):
    check_mailable(text)


@pytest.mark.parametrize("unit", ["x", "a-", "ww", "x.", "1.", "a:", ". ", "é"])
def test_a_text_of_any_length_takes_a_moment(unit):
    """A pattern that is tried in many ways would be at work here for years."""
    check_mailable(unit * 50_000)
