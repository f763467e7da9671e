from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_col.lti.platform import login
from wagtail_col.lti.platform.requirements import Refused

REGISTERED = "https://tool.example.org/launch"
INITIATION = login.Initiation(
    issuer="http://testserver",
    target_link_uri="https://tool.example.org/courses/1?a=b&c=d",
    login_hint="login.hint",
    message_hint="message.hint",
    client_id="client",
    deployment_id="deployment",
)


def query_of(url: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(url).query, keep_blank_values=True)


def test_a_login_begins_with_what_openid_and_lti_want():
    url = login.initiation_url("https://tool.example.org/login", INITIATION)
    assert query_of(url) == [
        ("iss", "http://testserver"),
        ("target_link_uri", "https://tool.example.org/courses/1?a=b&c=d"),
        ("login_hint", "login.hint"),
        ("lti_message_hint", "message.hint"),
        ("client_id", "client"),
        ("lti_deployment_id", "deployment"),
    ]


def test_a_framed_tool_is_told_where_to_keep_its_state():
    framed = login.Initiation(**{**vars(INITIATION), "storage_target": "_parent"})
    url = login.initiation_url("https://tool.example.org/login", framed)
    assert query_of(url)[-1] == ("lti_storage_target", "_parent")


@pytest.mark.parametrize(
    ("login_url", "begins"),
    [
        ("https://t/login?", "https://t/login?iss="),
        ("https://t/login?school=7", "https://t/login?school=7&iss="),
        ("https://t/login?school=7&", "https://t/login?school=7&iss="),
        ("https://t/login?flag", "https://t/login?flag&iss="),
        ("https://t/login?a=%C5%A1&b=x+y", "https://t/login?a=%C5%A1&b=x+y&iss="),
        ("https://t/login#top", "https://t/login?iss="),
        ("https://t/login?iss=other&a=1", "https://t/login?a=1&iss="),
        ("https://t", "https://t?iss="),
    ],
)
def test_the_query_of_a_login_url_stays_and_is_never_doubled(login_url, begins):
    url = login.initiation_url(login_url, INITIATION)
    assert url.startswith(begins + "http%3A%2F%2Ftestserver")
    assert "#" not in url
    assert [name for name, _value in query_of(url)].count("iss") == 1


def asked(**params) -> login.AuthenticationRequest:
    values = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": "client",
        "redirect_uri": REGISTERED,
        "login_hint": "l",
        "lti_message_hint": "m",
        "state": "s",
        "nonce": "n",
        **params,
    }
    return login.read_authentication_request(
        {name: value if isinstance(value, list) else [value] for name, value in values.items()}
    )


def refusal(check, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        check(*args, **kwargs)
    return caught.value.requirement.code


def test_the_request_of_lti_is_accepted():
    request = asked()
    login.check_redirect_uri(request, [REGISTERED])
    login.check_form(request)
    assert (request.state, request.nonce) == ("s", "n")


def test_scope_may_hold_more_than_openid_and_prompt_may_be_missing():
    login.check_form(asked(scope="openid email", prompt=[]))


def test_state_may_be_missing():
    login.check_form(asked(state=[]))


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "",
        "https://evil.example.org/launch",
        "https://tool.example.org.evil.example/launch",
        "https://tool.example.org/launch?next=1",
        "https://tool.example.org/launch;x",
        "https://tool.example.org/launch/",
        "https://tool.example.org/Launch",
        "https://tool.example.org/launch/../other",
        "https://tool.example.org/launch#fragment",
        "https://tool.example.org/launch ",
        "https://tool.example.org\\@evil.example.org/launch",
        "https://user@tool.example.org/launch",
        "https://tool.example.org@evil.example.org/launch",
        "https://tool.example.org:8443/launch",
        "http://tool.example.org/launch",
        "//tool.example.org/launch",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://tool.example.org/launch\n",
        "https://tool.example.org/launch\x00",
    ],
)
def test_a_redirect_uri_that_is_not_registered_letter_by_letter_is_refused(redirect_uri):
    code = refusal(login.check_redirect_uri, asked(redirect_uri=redirect_uri), [REGISTERED])
    assert code == "login-redirect-uri"


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "javascript:alert(1)",
        "http://tool.example.org/launch",
        "https://user@tool.example.org/launch",
        "https://tool.example.org/launch#x",
        "https:///launch",
        "https://[::1/launch",
    ],
)
def test_what_should_never_have_been_registered_is_refused_too(redirect_uri):
    code = refusal(login.check_redirect_uri, asked(redirect_uri=redirect_uri), [redirect_uri])
    assert code == "login-redirect-uri"


def test_a_redirect_uri_sent_twice_is_refused():
    twice = asked(redirect_uri=[REGISTERED, REGISTERED])
    assert refusal(login.check_redirect_uri, twice, [REGISTERED]) == "login-redirect-uri"


def test_http_is_for_hosts_that_the_site_names():
    url = "http://127.0.0.1:9000/launch"
    login.check_redirect_uri(asked(redirect_uri=url), [url], http_hosts=["127.0.0.1"])


@pytest.mark.parametrize("slashes", [("", "/"), ("/", "")])
def test_a_host_with_and_without_its_slash_is_one_address(slashes):
    registered, sent = (f"https://tool.example.org{slash}" for slash in slashes)
    login.check_redirect_uri(asked(redirect_uri=sent), [registered])


def test_the_refusal_says_when_only_a_slash_is_missing():
    with pytest.raises(Refused) as caught:
        login.check_redirect_uri(asked(redirect_uri=f"{REGISTERED}/"), [REGISTERED])
    assert "only the slash" in caught.value.detail


def test_the_refusal_does_not_repeat_a_query():
    with pytest.raises(Refused) as caught:
        login.check_redirect_uri(asked(redirect_uri=f"{REGISTERED}?token=secret"), [REGISTERED])
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("params", "code", "error"),
    [
        ({"scope": "profile"}, "login-scope", "invalid_scope"),
        ({"scope": []}, "login-scope", "invalid_scope"),
        ({"response_type": "code"}, "login-response-type", "unsupported_response_type"),
        ({"response_type": "id_token token"}, "login-response-type", "unsupported_response_type"),
        ({"response_mode": "fragment"}, "login-response-mode", "invalid_request"),
        ({"response_mode": []}, "login-response-mode", "invalid_request"),
        ({"prompt": "consent"}, "login-prompt", "invalid_request"),
        ({"nonce": ""}, "login-nonce", "invalid_request"),
        ({"login_hint": []}, "login-hint", "invalid_request"),
        ({"lti_message_hint": []}, "login-message-hint", "invalid_request"),
        ({"nonce": ["a", "b"]}, "login-repeated", "invalid_request"),
        ({"state": "x" * 20_000}, "login-too-long", "invalid_request"),
    ],
)
def test_any_other_request_is_refused_with_its_error(params, code, error):
    with pytest.raises(Refused) as caught:
        login.check_form(asked(**params))
    assert (caught.value.requirement.code, caught.value.requirement.error) == (code, error)


def test_a_request_can_be_sent_once_more_as_it_was():
    request = asked(unknown="x", prompt=[])
    again = {name: [value] for name, value in request.parameters().items()}
    assert login.read_authentication_request(again) == request


@given(st.dictionaries(st.sampled_from(login.PARAMETERS), st.lists(st.text(), max_size=3)))
def test_whatever_is_sent_is_refused_or_right(params):
    request = login.read_authentication_request(params)
    try:
        login.check_redirect_uri(request, [REGISTERED])
        login.check_form(request)
    except Refused:
        return
    assert request.redirect_uri == REGISTERED
    assert request.nonce
