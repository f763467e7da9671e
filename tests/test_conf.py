import pytest
from django.test import override_settings

from wagtail_col import conf


def test_defaults_stand_where_the_site_says_nothing():
    with override_settings(WAGTAIL_COL={}):
        assert conf.DEFAULTS["PAGE_SIZE"] == conf.settings.PAGE_SIZE


def test_a_change_is_seen_at_once():
    with override_settings(WAGTAIL_COL={"PAGE_SIZE": 7}):
        assert conf.settings.PAGE_SIZE == 7
    with override_settings(WAGTAIL_COL={"PAGE_SIZE": 9}):
        assert conf.settings.PAGE_SIZE == 9


def test_a_misspelt_setting_is_no_attribute():
    with pytest.raises(AttributeError, match="PAGESIZE"):
        conf.settings.PAGESIZE  # noqa: B018


@pytest.mark.parametrize(
    ("ours", "wagtails", "expected"),
    [
        ("https://a.example/", "https://b.example", "https://a.example"),
        (None, "https://b.example/", "https://b.example"),
        (None, None, ""),
    ],
)
def test_the_base_url_has_no_trailing_slash(ours, wagtails, expected):
    with override_settings(WAGTAIL_COL={"BASE_URL": ours}, WAGTAILADMIN_BASE_URL=wagtails):
        assert conf.base_url() == expected


def test_languages_are_those_content_is_written_in():
    with override_settings(WAGTAIL_CONTENT_LANGUAGES=[("sl", "Slovenščina")]):
        assert conf.languages() == {"sl": "Slovenščina"}
