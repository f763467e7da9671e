import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from wagtail_col import vault

OLD, NEW = "o" * 40, "n" * 40


def keys(*secrets):
    return override_settings(WAGTAIL_COL={"KEYS": list(secrets)})


@given(st.binary(max_size=200))
def test_what_goes_in_comes_out(value):
    with keys(OLD):
        token = vault.encrypt(value)
        assert vault.decrypt(token) == value
        if len(value) > 4:
            assert value not in token.encode()


def test_a_new_secret_in_front_still_opens_the_old():
    with keys(OLD):
        token = vault.encrypt(b"key")
    with keys(NEW, OLD):
        assert vault.decrypt(token) == b"key"
        newer = vault.encrypt(b"key")
    with keys(NEW):
        assert vault.decrypt(newer) == b"key"
        with pytest.raises(vault.Unreadable):
            vault.decrypt(token)


def test_a_changed_token_is_refused():
    with keys(OLD):
        token = vault.encrypt(b"key")
        with pytest.raises(vault.Unreadable):
            vault.decrypt(token[:-4] + "AAA=")


def test_without_a_secret_nothing_is_stored():
    with keys(), pytest.raises(ImproperlyConfigured):
        vault.encrypt(b"key")


def test_what_is_derived_is_one_for_each_purpose_message_and_secret():
    with keys(OLD):
        first = vault.derive("claim", "a")
        assert first == vault.derive("claim", "a")
        assert len({first, vault.derive("claim", "b"), vault.derive("other", "a")}) == 3
    with keys(NEW):
        assert vault.derive("claim", "a") != first
