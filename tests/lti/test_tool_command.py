"""The command line for course providers: what it does, what it says, how it fails."""

import json
from contextlib import suppress
from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command

from tests.lti.build import TOOL_HOST, jwks, make_tool
from tests.lti.platform.test_registration import DOCUMENT, document
from wagtail_col.fetching import FetchRefused
from wagtail_col.lti import registering
from wagtail_col.lti.management.commands import lti_tool
from wagtail_col.lti.models import OpensIn, Tool, ToolState
from wagtail_col.lti.models.tools import new_identifier
from wagtail_col.lti.platform.requirements import Refused

pytestmark = pytest.mark.django_db

FILE = {
    "name": "Course house",
    "login_url": f"{TOOL_HOST}/login",
    "launch_url": f"{TOOL_HOST}/launch",
    "deep_linking_url": f"{TOOL_HOST}/pick",
    "jwks_url": f"{TOOL_HOST}/jwks",
}


def run(*arguments):
    out = StringIO()
    call_command("lti_tool", *map(str, arguments), stdout=out, no_color=True)
    return out.getvalue()


def fails(*arguments):
    with pytest.raises(CommandError) as error:
        run(*arguments)
    assert error.value.returncode == 1
    return str(error.value)


@pytest.fixture
def add(tmp_path):
    def write(content=FILE, **changed):
        path = tmp_path / "tool.json"
        said = {**content, **changed} if isinstance(content, dict) else content
        path.write_text(said if isinstance(said, str) else json.dumps(said))
        return path

    return write


class TestRegister:
    @pytest.fixture
    def page(self, monkeypatch):
        """The tool's registration page: posts this document, then answers with this refusal."""

        def opens(body=None, answer=None):
            def fetch(url, **options):
                token = parse_qs(urlsplit(url).query)["registration_token"][0]
                if body is not None:
                    with suppress(Refused):
                        registering.register(token, body)
                if answer:
                    raise answer

            monkeypatch.setattr(lti_tool, "fetch", fetch)

        return opens

    def test_registers_a_provider_and_says_what_it_asks(self, page):
        page(json.dumps(DOCUMENT).encode())
        said = run("register", f"{TOOL_HOST}/register")
        (tool,) = Tool.objects.all()
        assert tool.state == ToolState.PENDING
        assert "Course house has registered itself and waits for approval." in said
        assert "It asks: To report progress and scores" in said
        assert f"lti_tool approve {tool.pk}" in said

    def test_does_not_mind_what_the_page_looks_like_afterwards(self, page):
        page(json.dumps(DOCUMENT).encode(), FetchRefused("status", 500))
        assert "has registered itself" in run("register", f"{TOOL_HOST}/register")

    def test_names_the_field_that_was_refused(self, page):
        page(json.dumps(document(jwks_uri=None)).encode())
        said = fails("register", f"{TOOL_HOST}/register", "--wait", 0)
        assert "jwks_uri: none" in said

    def test_says_that_the_page_cannot_be_opened(self, page):
        page(None, FetchRefused("status", 404))
        said = fails("register", f"{TOOL_HOST}/register")
        assert "cannot be opened" in said and "404" in said

    def test_says_that_nothing_came(self, page):
        page()
        said = fails("register", f"{TOOL_HOST}/register", "--wait", 0)
        assert "has not registered itself" in said

    def test_takes_no_link_that_may_not_be_opened(self):
        assert "https://" in fails("register", "http://tool.example.org/register")


class TestAdd:
    def test_adds_once_and_updates_afterwards(self, add):
        assert run("add", add()).startswith("added: ")
        (tool,) = Tool.objects.all()
        assert tool.state == ToolState.PENDING
        assert tool.redirect_uris == [f"{TOOL_HOST}/launch", f"{TOOL_HOST}/pick"]
        assert run("add", add()).startswith("unchanged: ")
        assert run("add", add(launch_url=f"{TOOL_HOST}/new")).startswith("changed: ")
        (after,) = Tool.objects.all()
        assert (after.client_id, after.launch_url) == (tool.client_id, f"{TOOL_HOST}/new")

    def test_takes_every_field_that_is_documented(self, add):
        run(
            "add",
            add(
                redirect_uris=[f"{TOOL_HOST}/only"],
                jwks_url="",
                jwks=jwks(),
                custom={"a": "$User.id"},
                description="Text",
                policy_url=f"{TOOL_HOST}/policy",
                may_names=True,
                may_emails=True,
                may_grades=True,
                may_rosters=True,
                opens_in="frame",
                offered_to=["7f0c2a54-30a1-4d0e-8a8c-0c6c7e2b1a11"],
                state="active",
                client_id="course-house-1",
                deployment_id="deployment-1",
            ),
        )
        (tool,) = Tool.objects.all()
        assert tool.is_active and tool.opens_in == OpensIn.FRAME
        assert (tool.client_id, tool.deployment_id) == ("course-house-1", "deployment-1")
        assert all(getattr(tool, name) for name in registering.PERMISSIONS)
        assert tool.jwks == jwks() and tool.custom == {"a": "$User.id"}

    def test_finds_a_provider_by_its_client_id_to_give_it_a_new_name(self, add):
        tool = make_tool()
        run("add", add(name="Renamed", client_id=tool.client_id))
        assert Tool.objects.get().name == "Renamed"

    def test_forgets_the_keys_of_another_url(self, add):
        run("add", add())
        Tool.objects.update(fetched_jwks=jwks())
        run("add", add(description="Text"))
        assert Tool.objects.get().fetched_jwks == jwks()
        run("add", add(jwks_url=f"{TOOL_HOST}/other"))
        assert Tool.objects.get().fetched_jwks is None

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": 5}, "name"),
            ({"login_url": "http://tool.example.org/"}, "login_url"),
            ({"login_url": None}, "login_url"),
            ({"launch_url": "javascript:alert(1)"}, "launch_url"),
            ({"redirect_uris": []}, "redirect_uris"),
            ({"redirect_uris": ["https://a/#b"]}, "redirect_uris"),
            ({"jwks_url": ""}, "jwks_url"),
            ({"jwks": {"keys": []}}, "jwks"),
            ({"custom": {"a": 1}}, "custom"),
            ({"may_grades": "yes"}, "may_grades"),
            ({"opens_in": "popup"}, "opens_in"),
            ({"offered_to": ["everybody"]}, "offered_to"),
            ({"state": "on"}, "state"),
            ({"client_id": "a b"}, "client_id"),
            ({"lunch_url": "https://a/"}, "lunch_url"),
        ],
    )
    def test_names_the_field_that_is_wrong_and_changes_nothing(self, add, changed, field):
        said = fails("add", add(**changed))
        assert f"tool.json: {field}: " in said
        assert not Tool.objects.exists()

    def test_names_the_field_that_is_missing(self, add):
        assert "launch_url" in fails("add", add({"name": "a", "login_url": f"{TOOL_HOST}/l"}))

    def test_takes_a_whole_list_or_nothing_of_it(self, add):
        two = [FILE, {**FILE, "name": "Other"}]
        assert run("add", add(two)).count("added: ") == 2
        two[0]["description"] = "New"
        two[1]["jwks_url"] = "nonsense"
        assert "[1].jwks_url" in fails("add", add(two))
        assert not Tool.objects.filter(description="New").exists()

    def test_does_not_guess_which_of_two_is_meant(self, add):
        make_tool(), make_tool()
        assert "client_id" in fails("add", add())
        assert "deployment_id" in fails(
            "add", add(name="Third", deployment_id=Tool.objects.first().deployment_id)
        )

    @pytest.mark.parametrize("text", ["", "{", '"text"', "[[]]"])
    def test_needs_json(self, add, text):
        assert "tool.json: " in fails("add", add(text))

    def test_needs_a_file(self, tmp_path):
        assert "nowhere.json" in fails("add", tmp_path / "nowhere.json")


class TestTheRest:
    def test_lists_the_providers(self):
        tool = make_tool()
        assert run("list").split("\n")[0] == (
            f"{tool.pk}  Course house  active  client id {tool.client_id}"
        )

    def test_shows_every_value_either_side_needs(self):
        tool = make_tool(contacts=["help@tool.example.org"], custom={"a": "b"}, keys_error="type")
        said = run("show", tool.client_id)
        for value in (
            "Issuer (platform id): http://testserver\n",
            f"Client id: {tool.client_id}\n",
            f"Deployment id: {tool.deployment_id}\n",
            "Authentication request URL: http://testserver/col/lti/auth\n",
            "Access token URL: http://testserver/col/lti/token\n",
            "Public key set URL: http://testserver/col/lti/jwks\n",
            "OpenID configuration: http://testserver/col/lti/openid-configuration\n",
            f"Login URL: {TOOL_HOST}/login\n",
            f"Redirect URL: {TOOL_HOST}/pick\n",
            "Keys: pasted\n",
            "Custom parameter a: b\n",
            "Contact: help@tool.example.org\n",
            "another kind of document",
            "grades: yes\n",
        ):
            assert value in said

    @pytest.mark.parametrize("by", ["pk", "key", "client_id", "name"])
    def test_finds_a_provider_by_number_key_client_id_or_name(self, by):
        tool = make_tool(state=ToolState.PENDING)
        assert "is in use" in run("approve", getattr(tool, by))

    def test_identifiers_are_no_options_of_a_command(self):
        assert all(new_identifier().isalnum() for _each in range(200))

    def test_approves_with_what_is_said(self):
        tool = make_tool(
            state=ToolState.PENDING,
            asked_claims=["name"],
            **dict.fromkeys(registering.PERMISSIONS, False),
        )
        said = run("approve", tool.pk, "--grades", "--no-names")
        assert said == "Course house is in use, with: grades.\n"
        tool.refresh_from_db()
        assert tool.is_active and tool.may_grades and not tool.may_names

    def test_does_not_approve_what_cannot_work(self):
        tool = make_tool(state=ToolState.PENDING, jwks=None)
        assert "jwks_url" in fails("approve", tool.pk)

    def test_suspends_and_refuses(self):
        tool = make_tool()
        assert run("suspend", tool.pk) == "Course house is suspended.\n"
        assert run("refuse", tool.pk) == "Course house is refused.\n"
        tool.refresh_from_db()
        assert tool.state == ToolState.REFUSED

    def test_says_which_provider_is_none_or_several(self):
        assert "“nobody”" in fails("show", "nobody")
        make_tool(), make_tool()
        assert "client id" in fails("show", "Course house")
