"""A learner connects a wallet, uses it and stops it: a real client library and a real browser."""

import json
import re
import secrets
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from authlib.integrations.base_client.errors import OAuthError

from tests.badges.elsewhere import Academy
from tests.journeys.wallet import SCOPE, Wallet
from tests.journeys.watching import Visitor


@pytest.fixture(
    params=[(360, False, True), (1280, True, True), (360, False, False)],
    ids=["phone", "desk-by-keyboard", "phone-without-javascript"],
)
def visitor(request, browser, demo):
    width, keyboard, javascript = request.param
    visitor = Visitor(browser, demo.url, width, keyboard=keyboard, javascript=javascript)
    yield visitor
    visitor.close()


@pytest.fixture
def wallet(demo, monkeypatch):
    # The library wants https everywhere; this wallet and this site are on one machine.
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    wallet = Wallet(demo.url)
    yield wallet
    wallet.close()


def test_connect_use_refresh_and_stop(visitor, wallet):
    registered = wallet.register()
    assert set(registered["scope"].split()) == set(SCOPE.split())
    token = connect(visitor, wallet)
    assert set(token["scope"].split()) == set(SCOPE.split())

    lists_and_adds(wallet)
    refreshed = refreshes(wallet, token)
    replays(wallet, token, refreshed)

    token = connect(visitor, wallet, again=True)
    gives_back(wallet, token)
    token = connect(visitor, wallet, again=True)
    stops(visitor, wallet)


def connect(visitor, wallet, *, again=False) -> dict:
    """In the browser: log in, read, allow; then the wallet exchanges its code."""
    page = visitor.page
    verifier = secrets.token_urlsafe(48)
    visitor.open(wallet.begin(verifier))
    if not again:
        main = page.get_by_role("main")
        visitor.write(main.locator("[name=login]"), "ana@example.org")
        visitor.write(main.locator("[name=password]"), "demo")
        visitor.press(main.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)))
    text = page.get_by_role("main").inner_text()
    for said in ("127.0.0.1", "Pocket Wallet", "See your badges", "ana@example.org"):
        assert said in text
    assert ("It is connected since" in text) == again
    button = page.get_by_role("button", name="Allow", exact=True)
    if visitor.keyboard:
        visitor.reach(button)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    else:
        button.click()
    page.wait_for_url(f"{wallet.url}/**")
    came_back = page.url
    said = parse_qs(urlsplit(came_back).query)
    assert set(said) == {"code", "scope", "state", "iss"}
    assert said["iss"] == [wallet.site]
    assert visitor.complaints == []
    # The wallet's own host is where the learner wanted to go.
    assert {urlsplit(url).netloc for url in visitor.elsewhere} == {urlsplit(wallet.url).netloc}
    visitor.elsewhere.clear()
    return wallet.finish(came_back, verifier)


def lists_and_adds(wallet) -> None:
    before = wallet.session.get(f"{wallet.api}/credentials")
    assert before.status_code == 200
    credentials = before.json()["credential"]
    assert credentials, "Ana has earned a badge"
    assert all("OpenBadgeCredential" in each["type"] for each in credentials)
    profile = wallet.session.get(f"{wallet.api}/profile").json()
    assert (profile["name"], profile["email"]) == ("Ana Robles", "ana@example.org")
    academy = Academy(issuer="did:key")
    text = json.dumps(academy.signed(status=None))
    headers = {"Content-Type": "application/json"}
    for status in (201, 200):
        answer = wallet.session.post(f"{wallet.api}/credentials", data=text, headers=headers)
        assert (answer.status_code, answer.text) == (status, text)
    page = wallet.session.get(f"{wallet.api}/credentials?limit=1")
    assert page.headers["X-Total-Count"] == str(int(before.headers["X-Total-Count"]) + 1)
    assert json.loads(text) in page.json()["credential"]
    following = page.links["next"]["url"]
    assert wallet.session.get(following).status_code == 200


def refreshes(wallet, token) -> dict:
    refreshed = wallet.session.refresh_token(
        wallet.flow["refreshUrl"], refresh_token=token["refresh_token"]
    )
    assert refreshed["refresh_token"] != token["refresh_token"]
    assert wallet.session.get(f"{wallet.api}/profile").status_code == 200
    return refreshed


def replays(wallet, first, second) -> None:
    """Somebody uses the first refresh token again: all that came of it is over."""
    for stolen in (first, second):
        with pytest.raises(OAuthError, match="invalid_grant"):
            wallet.session.refresh_token(
                wallet.flow["refreshUrl"], refresh_token=stolen["refresh_token"]
            )
    assert profile_with(wallet, second).status_code == 401


def gives_back(wallet, token) -> None:
    assert profile_with(wallet, token).status_code == 200
    answer = wallet.session.revoke_token(
        f"{wallet.site}/col/oauth/revoke", token=token["refresh_token"]
    )
    assert answer.status_code == 200
    assert profile_with(wallet, token).status_code == 401


def stops(visitor, wallet) -> None:
    """The learner sees the wallet among their connected apps, and stops it."""
    page = visitor.page
    token = wallet.session.token
    assert profile_with(wallet, token).status_code == 200
    visitor.open("/col/connected/")
    text = page.get_by_role("main").inner_text()
    for said in ("127.0.0.1", "Pocket Wallet", "Add badges", "Connected since", "Last used"):
        assert said in text
    visitor.press(page.get_by_role("button", name=re.compile("^Stop")).first)
    assert "is no longer connected" in page.locator("body").inner_text()
    assert profile_with(wallet, token).status_code == 401
    visitor.open("/col/connected/")
    assert "Pocket Wallet" not in page.get_by_role("main").inner_text()


def profile_with(wallet, token) -> requests.Response:
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    return requests.get(f"{wallet.api}/profile", headers=headers, timeout=30)


def test_a_learner_says_no(visitor, wallet):
    wallet.register()
    page = visitor.page
    visitor.open(wallet.begin(secrets.token_urlsafe(48)))
    main = page.get_by_role("main")
    visitor.write(main.locator("[name=login]"), "ines@example.org")
    visitor.write(main.locator("[name=password]"), "demo")
    visitor.press(main.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)))
    button = page.get_by_role("button", name="Do not allow")
    if visitor.keyboard:
        visitor.reach(button)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    else:
        button.click()
    page.wait_for_url(f"{wallet.url}/**")
    said = parse_qs(urlsplit(page.url).query)
    assert said["error"] == ["access_denied"]
    assert "code" not in said
    visitor.elsewhere.clear()
    visitor.open("/col/connected/")
    assert "No app is connected" in page.get_by_role("main").inner_text()


def test_a_wallet_that_cannot_be_trusted_is_named_on_our_page(visitor, demo):
    visitor.open("/col/oauth/authorize?client_id=nobody&redirect_uri=https://evil.example/")
    text = visitor.page.get_by_role("main").inner_text()
    assert "The app was not connected" in text
    assert visitor.page.url.startswith(demo.url)
