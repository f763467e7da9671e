"""Connected from the command line alone: a real provider, and the site as a process of its own."""

from io import StringIO

import pytest
import requests
from django.core.management import call_command

from tests.lti import processes
from wagtail_col.conf import base_url
from wagtail_col.lti import log, toolkeys
from wagtail_col.lti.models import Message, Tool, ToolState

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("lti-servers-optimised"),
]


@pytest.fixture
def provider(settings):
    """The provider's address; the site's is in the settings."""
    with processes.server(optimised=True) as server, processes.provider() as url:
        settings.WAGTAIL_COL = {
            **settings.WAGTAIL_COL,
            "BASE_URL": server.url,
            "FETCH_PRIVATE_HOSTS": ["127.0.0.1", "localhost"],
        }
        yield url


def run(*arguments):
    out = StringIO()
    call_command("lti_tool", *arguments, stdout=out, no_color=True)
    return out.getvalue()


def test_a_real_provider_is_registered_and_approved_from_the_command_line(provider):
    said = run("register", f"{provider}/register")
    (tool,) = Tool.objects.all()
    assert tool.state == ToolState.PENDING and f"{tool.name} has registered itself" in said
    assert said.count("It asks: ") == 4
    assert run("approve", tool.client_id, "--names").endswith("with: names, grades.\n")
    tool.refresh_from_db()
    assert tool.is_active and tool.may_names and not tool.may_emails
    # Its keys can be read, and it has stored what we answered.
    assert toolkeys.fetch(tool)["keys"]
    login = requests.get(
        tool.login_url,
        params={
            "iss": base_url(),
            "client_id": tool.client_id,
            "login_hint": "a",
            "lti_message_hint": "b",
            "target_link_uri": tool.launch_url,
        },
        allow_redirects=False,
        timeout=10,
    )
    assert login.headers["Location"].startswith(f"{base_url()}/col/lti/auth?")
    messages = list(log.entries(tool).values_list("message", flat=True))
    assert messages == [Message.KEYS, Message.REGISTRATION]
