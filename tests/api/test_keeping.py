"""What the settings have to be, what is cleaned away, and who is let in for good."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.utils import timezone
from oauth2_provider import checks as their_checks
from oauth2_provider.models import get_access_token_model, get_refresh_token_model

from tests.api import build
from tests.factories import UserFactory
from wagtail_col.api import apps, checks, defaults, scopes
from wagtail_col.api.models import Application, Connection, Grant, KeptAnswer, RegistrationTry
from wagtail_col.badges.models import Issuer

PUBLIC = {**defaults.OAUTH2_PROVIDER}


def ids(*found) -> list[str]:
    return [message.id for messages in found for message in messages]


def test_ours_pass_and_the_toolkit_has_nothing_to_say(settings):
    settings.OAUTH2_PROVIDER = PUBLIC
    assert checks.check_oauth(None) == []
    assert their_checks.validate_bcp_configuration(None) == []


@pytest.mark.parametrize("name", sorted(defaults.REQUIRED))
def test_each_switch_that_is_weaker_is_named(settings, name):
    weaker = {key: value for key, value in PUBLIC.items() if key != name}
    if isinstance(PUBLIC[name], bool):
        weaker[name] = not PUBLIC[name]
    settings.OAUTH2_PROVIDER = weaker
    [message] = checks.check_oauth(None)
    assert message.id == "wagtail_col.E021"
    assert name in message.msg
    assert "wagtail_col.api.defaults" in message.hint


def test_refresh_tokens_have_to_end(settings):
    settings.OAUTH2_PROVIDER = {**PUBLIC, "REFRESH_TOKEN_EXPIRE_SECONDS": None}
    [message] = checks.check_oauth(None)
    assert "REFRESH_TOKEN_EXPIRE_SECONDS" in message.msg


@pytest.mark.parametrize(
    "name", ["OAUTH2_PROVIDER_APPLICATION_MODEL", "OAUTH2_PROVIDER_GRANT_MODEL"]
)
def test_the_models_are_ours(settings, name):
    setattr(settings, name, "oauth2_provider.Grant")
    assert ids(checks.check_oauth(None)) == ["wagtail_col.E020"]


def test_http_in_public_is_the_toolkits_error(settings):
    settings.OAUTH2_PROVIDER = {**PUBLIC, "ALLOWED_REDIRECT_URI_SCHEMES": ["https", "http"]}
    assert ids(their_checks.validate_bcp_configuration(None)) == ["oauth2_provider.E003"]


def test_the_policies_are_asked_for_in_public(settings):
    [message] = checks.check_policies(None)
    assert message.id == "wagtail_col.W020"
    settings.WAGTAIL_COL = {
        **settings.WAGTAIL_COL,
        "TERMS_URL": "https://a.example/",
        "PRIVACY_URL": "https://a.example/",
    }
    assert checks.check_policies(None) == []


def test_the_app_says_what_it_stands_on(monkeypatch):
    config = apps.ApiConfig.create("wagtail_col.api")

    class Apps:
        def is_installed(self, name):
            return False

    config.apps = Apps()
    with pytest.raises(ImproperlyConfigured, match="oauth2_provider"):
        config.import_models()


def cleaned() -> str:
    out = StringIO()
    call_command("clean_api", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
class TestCleaning:
    def test_wallets_that_nobody_let_in_go_after_a_day(self):
        for _number in range(2):
            build.register()
        first = Application.objects.order_by("pk").first()
        Application.objects.filter(pk=first.pk).update(created=timezone.now() - timedelta(days=2))
        assert "1 unused" in cleaned()
        assert Application.objects.count() == 1

    def test_wallets_that_are_in_use_stay(self):
        build.wallet_token(UserFactory(), scopes.PROFILE_READ)
        Application.objects.update(created=timezone.now() - timedelta(days=500))
        cleaned()
        assert Application.objects.count() == 1

    def test_one_that_nobody_is_connected_with_is_given_a_year(self):
        build.wallet_token(UserFactory(), scopes.PROFILE_READ)
        Connection.objects.all().delete()
        Application.objects.update(created=timezone.now() - timedelta(days=500))
        cleaned()
        assert Application.objects.count() == 1
        Application.objects.update(last_used_at=timezone.now() - timedelta(days=366))
        cleaned()
        assert not Application.objects.exists()

    def test_systems_of_providers_stay(self):
        application, _secret = build.system(Issuer.objects.create(slug="a", name="A"))
        Application.objects.update(created=timezone.now() - timedelta(days=500))
        cleaned()
        assert Application.objects.get() == application

    def test_a_connection_ends_with_its_last_token(self):
        wallet = build.wallet()
        wallet.tokens([scopes.PROFILE_READ])
        lasting = build.wallet()
        lasting.tokens()
        long_ago = timezone.now() - timedelta(days=2)
        Connection.objects.update(since=long_ago)
        Grant.objects.update(expires=long_ago)
        get_access_token_model().objects.update(expires=long_ago)
        cleaned()
        assert Connection.objects.get().application == lasting.application
        assert not Grant.objects.exists()

    def test_refresh_tokens_that_were_not_used_for_90_days_go(self):
        wallet = build.wallet()
        wallet.tokens()
        long_ago = timezone.now() - timedelta(days=91)
        get_access_token_model().objects.update(expires=long_ago)
        Connection.objects.update(since=long_ago)
        Grant.objects.all().delete()
        cleaned()
        assert not get_refresh_token_model().objects.exists()
        assert not Connection.objects.exists()

    def test_old_answers_and_tries_go(self):
        application, _secret = build.system(Issuer.objects.create(slug="a", name="A"))
        for key in "ab":
            KeptAnswer.objects.create(application=application, key=key, fingerprint="x")
        KeptAnswer.objects.filter(key="a").update(at=timezone.now() - timedelta(days=31))
        for hours in (0, 2):
            moment = timezone.now() - timedelta(hours=hours)
            RegistrationTry.objects.create(address="x", at=moment)
        cleaned()
        assert KeptAnswer.objects.get().key == "b"
        assert RegistrationTry.objects.count() == 1


@pytest.mark.django_db
def test_what_is_kept_of_a_learner_goes_with_the_account():
    learner = UserFactory()
    wallet = build.wallet(learner)
    wallet.tokens()
    learner.delete()
    assert not Connection.objects.exists()
    assert not Grant.objects.exists()
    assert not get_access_token_model().objects.exists()
    assert not get_refresh_token_model().objects.exists()
    assert Application.objects.exists()


@pytest.mark.django_db
def test_djangos_admin_shows_systems_and_lets_nothing_be_typed(admin_client):
    build.register()
    application = Application.objects.get()
    listed = admin_client.get("/django-admin/col_api/application/")
    assert "Example Wallet" in listed.content.decode()
    page = admin_client.get(f"/django-admin/col_api/application/{application.pk}/change/")
    assert page.status_code == 200
    assert application.client_secret not in page.content.decode()
    assert admin_client.get("/django-admin/col_api/application/add/").status_code == 403
