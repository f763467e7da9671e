import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_col.lti.platform import launch
from wagtail_col.lti.platform.requirements import Refused
from wagtail_col.lti.platform.roles import ROLES, role_uris
from wagtail_col.lti.platform.scopes import GRADES

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
LINK = launch.Link("link-1", "First aid", "What to do\nuntil help comes.")


def envelope(**values) -> launch.Envelope:
    return launch.Envelope(
        **{
            "platform": launch.Platform("https://city.example.org", "City", "1.0"),
            "client_id": "client",
            "deployment_id": "deployment",
            "target_link_uri": "https://tool.example.org/courses/1",
            "person": launch.Person("pseudonym", "learner"),
            "locale": "sl",
            "context_id": "playlist",
            "context_title": " Podcast \n from zero ",
            "framed": False,
            "return_url": "https://city.example.org/col/lti/return/x",
            "nonce": "n-1",
            "now": 1_700_000_000,
            **values,
        }
    )


def test_a_learner_opens_a_course():
    assert launch.resource_link_claims(envelope(), LINK) == {
        "iss": "https://city.example.org",
        "aud": "client",
        "azp": "client",
        "sub": "pseudonym",
        "nonce": "n-1",
        "iat": 1_700_000_000,
        "exp": 1_700_000_300,
        "locale": "sl",
        f"{CLAIM}message_type": "LtiResourceLinkRequest",
        f"{CLAIM}version": "1.3.0",
        f"{CLAIM}deployment_id": "deployment",
        f"{CLAIM}target_link_uri": "https://tool.example.org/courses/1",
        f"{CLAIM}roles": [
            "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner",
            "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Learner",
        ],
        f"{CLAIM}resource_link": {
            "id": "link-1",
            "title": "First aid",
            "description": "What to do until help comes.",
        },
        f"{CLAIM}context": {
            "id": "playlist",
            "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection"],
            "title": "Podcast from zero",
        },
        f"{CLAIM}launch_presentation": {
            "document_target": "window",
            "return_url": "https://city.example.org/col/lti/return/x",
            "locale": "sl",
        },
        f"{CLAIM}tool_platform": {
            "guid": "https://city.example.org",
            "name": "City",
            "url": "https://city.example.org",
            "product_family_code": "wagtail_col",
            "version": "1.0",
        },
    }


def test_a_name_is_told_only_when_it_is_given():
    shared = launch.Person("p", "learner", "Ana Novak", " Ana", "Novak", "ana@example.org")
    claims = launch.resource_link_claims(envelope(person=shared), LINK)
    assert {name: claims[name] for name in ("name", "given_name", "family_name", "email")} == {
        "name": "Ana Novak",
        "given_name": "Ana",
        "family_name": "Novak",
        "email": "ana@example.org",
    }
    silent = launch.resource_link_claims(envelope(), LINK)
    assert not {"name", "given_name", "family_name", "email", "picture"} & set(silent)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_told_in_the_words_of_lti(role):
    claims = launch.resource_link_claims(envelope(person=launch.Person("p", role)), LINK)
    assert claims[f"{CLAIM}roles"] == role_uris(role)
    assert all(uri.startswith("http://purl.imsglobal.org/vocab/lis/v2/") for uri in role_uris(role))


def test_an_unknown_role_is_a_mistake():
    with pytest.raises(ValueError, match="no role"):
        role_uris("owner")


def test_a_framed_course_knows_that_it_is_in_a_frame():
    claims = launch.resource_link_claims(envelope(framed=True), LINK)
    assert claims[f"{CLAIM}launch_presentation"]["document_target"] == "iframe"


def test_services_are_named_only_when_they_may_be_used():
    claims = launch.resource_link_claims(envelope(), LINK)
    assert AGS not in claims
    assert NRPS not in claims
    grades = launch.Grades("https://c/items", "https://c/item", GRADES)
    claims = launch.resource_link_claims(
        envelope(grades=grades, members_url="https://c/members"), LINK
    )
    assert claims[AGS] == {
        "scope": list(GRADES),
        "lineitems": "https://c/items",
        "lineitem": "https://c/item",
    }
    assert claims[NRPS]["context_memberships_url"] == "https://c/members"


def test_no_line_item_is_named_where_there_is_none_or_many():
    grades = launch.Grades("https://c/items", "", GRADES)
    claims = launch.resource_link_claims(envelope(grades=grades), LINK)
    assert "lineitem" not in claims[AGS]


def test_custom_parameters_are_filled_in():
    custom = {
        "level": 2,
        "who": "$User.id",
        "name": "$Person.name.full",
        "where": "$Context.title",
        "link": "$ResourceLink.id",
        "until": "$ResourceLink.available.endDateTime",
        "odd": "$Something.else",
    }
    variables = {"ResourceLink.available.endDateTime": "2026-10-03T08:00:00Z"}
    claims = launch.resource_link_claims(envelope(custom=custom, variables=variables), LINK)
    assert claims[f"{CLAIM}custom"] == {
        "level": "2",
        "who": "pseudonym",
        "name": "",
        "where": "Podcast from zero",
        "link": "link-1",
        "until": "2026-10-03T08:00:00Z",
        "odd": "$Something.else",
    }


def test_without_custom_parameters_there_is_no_claim():
    assert f"{CLAIM}custom" not in launch.resource_link_claims(envelope(), LINK)


def test_an_editor_picks_courses():
    editor = launch.Person("p", "editor")
    claims = launch.deep_linking_claims(
        envelope(person=editor), deep_link_return_url="https://c/deep-links", data="ticket"
    )
    assert claims[f"{CLAIM}message_type"] == "LtiDeepLinkingRequest"
    assert f"{CLAIM}resource_link" not in claims
    assert claims[DL]["deep_link_return_url"] == "https://c/deep-links"
    assert claims[DL]["accept_types"] == ["ltiResourceLink", "link"]
    assert claims[DL]["auto_create"] is False
    assert claims[DL]["data"] == "ticket"


def test_somebody_looks_at_a_submission():
    grades = launch.Grades("https://c/items", "https://c/item", GRADES)
    submitter = launch.Person("who", "learner", name="Ana Novak")
    claims = launch.submission_review_claims(envelope(grades=grades), LINK, submitter)
    assert claims[f"{CLAIM}message_type"] == "LtiSubmissionReviewRequest"
    assert claims[f"{CLAIM}for_user"] == {
        "user_id": "who",
        "name": "Ana Novak",
        "roles": role_uris("learner"),
    }
    assert claims[AGS]["lineitem"] == "https://c/item"
    assert claims[f"{CLAIM}resource_link"]["id"] == "link-1"


def test_a_submission_without_line_item_is_not_looked_at():
    with pytest.raises(Refused) as caught:
        launch.submission_review_claims(envelope(), LINK, launch.Person("who", "learner"))
    assert caught.value.requirement is launch.INCOMPLETE


@pytest.mark.parametrize(
    "values",
    [
        {"target_link_uri": ""},
        {"client_id": ""},
        {"deployment_id": ""},
        {"nonce": ""},
        {"person": launch.Person("", "learner")},
        {"platform": launch.Platform("")},
    ],
)
def test_a_message_without_a_required_claim_is_not_made(values):
    with pytest.raises(Refused) as caught:
        launch.resource_link_claims(envelope(**values), LINK)
    assert caught.value.requirement is launch.INCOMPLETE


def test_a_resource_link_without_id_is_not_made():
    with pytest.raises(Refused):
        launch.resource_link_claims(envelope(), launch.Link("", "First aid"))


def texts_of(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_of(each)


SPACED = st.text(alphabet="a \n\t\u00a0ž", max_size=8)


@given(SPACED, SPACED, SPACED, st.dictionaries(SPACED, SPACED, max_size=3))
def test_no_value_has_stray_whitespace(title, text, name, custom):
    person = launch.Person("p", "learner", name, name, name, name)
    made = dataclasses.replace(
        envelope(), person=person, context_title=title, custom={**custom, "n": "$Person.name.full"}
    )
    claims = launch.resource_link_claims(made, launch.Link("id", title, text))
    assert all(value == value.strip() for value in texts_of(claims))
    json.dumps(claims)
