"""Blocks for any page: playlists that are shown, and what learners tell."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.blocks.struct_block import StructBlockValidationError

from tests.learning.build import line, link
from wagtail_col.learning.publishing import withdraw_playlist
from wagtail_col.pages.blocks import (
    FeaturedPlaylistsBlock,
    LearnerStoriesBlock,
    LearnerStoryBlock,
)

pytestmark = pytest.mark.django_db

STORY = {
    "words": "I had never held a microphone.",
    "name": "Ana",
    "playlist": "",
    "agreed": "by e-mail, 3 May",
    "is_under_age": False,
    "is_made_up": False,
    "guardian_agreed": False,
}


def drawn(block, value) -> str:
    return block.render(block.to_python(value))


def featured(*keys) -> str:
    return drawn(
        FeaturedPlaylistsBlock(), {"title": "Try one", "playlists": [str(key) for key in keys]}
    )


def told(*stories) -> str:
    block = LearnerStoriesBlock()
    items = [{"type": "item", "value": STORY | story, "id": str(uuid.uuid4())} for story in stories]
    return drawn(block, {"title": "They did it", "stories": items})


def test_chosen_playlists_in_the_order_they_were_chosen():
    one, two = line(link(), title="Sound"), line(link(), title="Light")
    said = featured(two.key, one.key)
    assert said.index("Light") < said.index("Sound")
    assert "Try one" in said
    assert one.text.url in said


def test_what_is_withdrawn_or_gone_is_left_out():
    one = line(link(), title="Sound")
    withdraw_playlist(one.key)
    assert featured(one.key, uuid.uuid4()).strip() == ""
    assert featured().strip() == ""


def test_only_what_is_offered_can_be_chosen():
    one = line(link(), title="Sound")
    block = FeaturedPlaylistsBlock()
    value = block.to_python({"title": "x", "playlists": [str(one.key)]})
    assert block.clean(value)["playlists"] == [str(one.key)]
    with pytest.raises(ValidationError):
        block.clean(block.to_python({"title": "x", "playlists": [str(uuid.uuid4())]}))


@pytest.mark.parametrize("count", [1, 8])
def test_the_number_of_queries_is_constant(count):
    keys = [line(link(), title=f"Line {n}").key for n in range(count)]
    with CaptureQueriesContext(connection) as caught:
        featured(*keys)
    with CaptureQueriesContext(connection) as again:
        told(*({"playlist": str(key)} for key in keys))
    assert len(caught) == len(again)
    assert len(caught) <= 8


def test_a_story_with_its_playlist_and_without_how_they_agreed():
    one = line(link(), title="Sound", colour="coral")
    said = told({"playlist": str(one.key)}, {"name": "Ben", "words": "<script>1</script>"})
    for expected in ("I had never held", "Ana", "Ben", "Sound", "col-line--coral", "They did it"):
        assert expected in said
    assert "by e-mail" not in said
    assert "<script>" not in said


@pytest.mark.parametrize(
    ("values", "lacking"),
    [
        ({"is_under_age": True}, {"is_made_up", "guardian_agreed"}),
        ({"is_under_age": True, "is_made_up": True}, {"guardian_agreed"}),
        ({"is_under_age": True, "guardian_agreed": True}, {"is_made_up"}),
        ({"agreed": ""}, {"agreed"}),
    ],
)
def test_nobody_is_shown_who_has_not_agreed(values, lacking):
    block = LearnerStoryBlock()
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(block.to_python(STORY | values))
    assert set(refused.value.block_errors) == lacking


def test_somebody_under_age_with_a_made_up_name_and_a_guardians_yes():
    block = LearnerStoryBlock()
    young = {"is_under_age": True, "is_made_up": True, "guardian_agreed": True}
    assert block.clean(block.to_python(STORY | young))["name"] == "Ana"
