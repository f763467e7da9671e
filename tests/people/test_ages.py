"""Who is below the age of consent: a pseudonym, and a guardian's yes before what is optional."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.http import QueryDict
from django.utils import timezone

from tests.badges.build import badge
from tests.factories import UserFactory
from tests.learning.build import line, link
from tests.lti.build import make_tool as tool
from tests.people.examples import make
from wagtail_col.api.models import Application, Connection
from wagtail_col.badges import endorsing, sharing
from wagtail_col.badges.models import Share
from wagtail_col.catalogue.alerts.saving import CannotSave, save
from wagtail_col.catalogue.search import Query
from wagtail_col.learning import journey
from wagtail_col.learning.models import CalendarFeed, Reminders
from wagtail_col.lti import consent as course_consent
from wagtail_col.people import bands, guarding, retaining
from wagtail_col.people.checks import check_consent_age
from wagtail_col.people.consent_ages import consent_age, shipped
from wagtail_col.people.may import Purpose, may
from wagtail_col.people.models import AgeBand, Guardian, GuardianConsent
from wagtail_col.people.registry import holdings
from wagtail_col.people.tasks import retain
from wagtail_col.personal import Basis

pytestmark = pytest.mark.django_db


@pytest.fixture
def sixteen(settings):
    settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "CONSENT_AGE": 16}


@pytest.fixture
def child(sixteen):
    person = UserFactory(username="zofka", first_name="Zofka", email="zofka@mail.example")
    bands.say(person, is_under=True)
    return person


def asked(child, email="ana@mail.example"):
    """A guardian who was asked: what waits for their answer, and the secret of their link."""
    consent = guarding.ask(child, email)
    return consent, guarding.link_of(consent.guardian).split("/")[-2]


class TestAges:
    def test_every_age_has_a_source_and_a_day_and_is_lawful(self):
        found = shipped()
        assert len(found) == 28
        for one in found.values():
            assert 13 <= one.age <= 16
            assert one.source
            assert one.checked <= timezone.localdate() + timedelta(days=400)
            # Where it was read, or what is to be confirmed.
            assert one.read_at.startswith("https://") or "confirm" in one.note
        assert {code: found[code].age for code in ("SI", "ES", "DE", "BE")} == {
            "SI": 15,
            "ES": 14,
            "DE": 16,
            "BE": 13,
        }

    @pytest.mark.parametrize(
        ("given", "age"), [(None, None), ("SI", 15), ("es", 14), ("ZZ", 16), (14, 14), (18, 18)]
    )
    def test_the_site_says_its_country_or_its_age(self, settings, given, age):
        settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "CONSENT_AGE": given}
        assert consent_age() == age
        assert check_consent_age(None) == []

    @pytest.mark.parametrize("given", [12, 19, "Slovenia", True, 15.5, ""])
    def test_what_makes_no_sense_is_an_error(self, settings, given):
        settings.WAGTAIL_COL = {**settings.WAGTAIL_COL, "CONSENT_AGE": given}
        assert [one.id for one in check_consent_age(None)] == ["wagtail_col.E030"]


class TestAsking:
    def test_a_site_that_asks_nobody_allows_everybody(self, client):
        learner = UserFactory()
        assert all(may(learner, one) for one in Purpose)
        client.force_login(learner)
        assert client.get("/col/mine/").status_code == 200

    def test_asked_once_and_led_back(self, client, sixteen):
        client.force_login(UserFactory())
        question = client.get("/col/mine/")["Location"]
        assert question == "/col/my-data/age/?next=/col/mine/"
        assert "birthday" in client.get(question).content.decode()
        answer = client.post("/col/my-data/age/", {"age": "over", "next": "/col/mine/"})
        assert answer["Location"] == "/col/mine/"
        assert client.get("/col/mine/").status_code == 200

    def test_nobody_is_led_elsewhere(self, client, sixteen):
        client.force_login(UserFactory())
        for path in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
            answer = client.post("/col/my-data/age/", {"age": "over", "next": path})
            assert answer["Location"] == "/col/my-data/"

    def test_asked_when_joining_and_is_on_the_line(self, client, sixteen):
        learner, playlist = UserFactory(), line(link("Write"))
        client.force_login(learner)
        answer = client.post(f"/col/lines/{playlist.key}/join/")
        assert answer["Location"].startswith("/col/my-data/age/?next=")
        assert learner.col_enrolments.filter(playlist=playlist).exists()

    def test_who_has_not_answered_may_nothing_optional(self, sixteen):
        learner = UserFactory()
        assert not any(may(learner, one) for one in Purpose)
        bands.say(learner, is_under=False)
        assert all(may(learner, one) for one in Purpose)

    def test_only_the_band_is_kept(self, child):
        fields = {field.name for field in AgeBand._meta.fields}
        assert fields == {"id", "person", "is_under", "pseudonym", "said_at"}

    def test_nobody_gets_older_at_once(self, child):
        assert not bands.say(child, is_under=False)
        assert not may(child, Purpose.SHARING)
        AgeBand.objects.update(said_at=timezone.now() - bands.AFTER)
        assert bands.say(child, is_under=False)
        assert may(child, Purpose.SHARING)
        assert not bands.band_of(child).pseudonym


class TestWithoutAYes:
    def test_nothing_is_shared(self, client, child):
        given = badge(child)
        with pytest.raises(sharing.NotShareable):
            sharing.share(child, [given])
        client.force_login(child)
        for path in (f"{given.key}/share/", "shares/new/", f"{given.key}/certificate/"):
            assert client.post(f"/col/badges/{path}")["Location"] == "/col/my-data/", path
        with pytest.raises(endorsing.NotAsked):
            endorsing.ask(given, email="boss@mail.example", by=child, language="en")
        assert not Share.objects.exists()

    def test_course_providers_get_no_name(self, child):
        provider = tool(may_names=True, may_emails=True)
        assert not course_consent.question(provider, child).asks
        known = course_consent.decide(provider, child, name=True, email=True)
        assert (known.shares_name, known.shares_email) == (False, False)

    def test_no_e_mails(self, client, child):
        client.force_login(child)
        assert client.post("/col/dates/reminders/")["Location"] == "/col/my-data/"
        assert not Reminders.objects.exists()
        with pytest.raises(CannotSave):
            save(child, Query.from_params(QueryDict("q=guitar")), "en")

    def test_no_calendar(self, client, child):
        client.force_login(child)
        assert client.post("/col/dates/subscription/")["Location"] == "/col/my-data/"
        assert not CalendarFeed.objects.exists()
        consent, _secret = asked(child)
        guarding.allow(consent, {Purpose.CALENDARS})
        client.post("/col/dates/subscription/")
        assert CalendarFeed.objects.exists()
        guarding.allow(consent, set())
        assert not CalendarFeed.objects.exists()

    def test_what_stands_on_consent_is_what_a_guardian_is_asked_for(self):
        """Art. 8: a new table that stands on consent needs a purpose to ask a guardian for."""
        stand = {one.model for one in holdings().values() if one.basis is Basis.CONSENT}
        assert stand == {
            *("col_badges.Share", "col_badges.Endorsement"),  # SHARING
            *("col_api.Connection", "col_api.Grant"),  # WALLETS
            *(f"oauth2_provider.{one}Token" for one in ("Access", "Refresh", "ID")),  # WALLETS
            "oauth2_provider.DeviceGrant",  # WALLETS
            "col_lti.ToolUser",  # NAMES
            *(
                "col_catalogue.Alert",
                "col_learning.Reminders",
                "col_learning.SentReminder",
            ),  # EMAILS
            "col_learning.CalendarFeed",  # CALENDARS
        }

    def test_learning_and_badges_are_for_everybody(self, child):
        playlist = line(link("Write"))
        journey.join(child, playlist)
        assert badge(child).learner == child

    def test_what_was_on_ends_when_somebody_says_that_they_are_younger(self, sixteen):
        learner = UserFactory()
        bands.say(learner, is_under=False)
        sharing.share(learner, [badge(learner)])
        Connection.objects.create(learner=learner, application=make(Application), scope="x")
        provider = tool(may_names=True)
        course_consent.decide(provider, learner, name=True, email=False)
        bands.say(learner, is_under=True)
        assert not Share.objects.filter(stopped_at=None).exists()
        assert not Connection.objects.exists()
        assert not learner.col_tool_users.get().shares_name


class TestGuardians:
    def test_the_whole_way(self, client, child, django_capture_on_commit_callbacks):
        client.force_login(child)
        with django_capture_on_commit_callbacks(execute=True):
            client.post("/col/my-data/guardian/", {"email": "Ana@mail.example"})
        (message,) = mail.outbox
        assert message.to == ["ana@mail.example"]
        (path,) = re.findall(r"http://testserver(/col/guardian/\S+)", message.body)
        client.logout()
        page = client.get(path)
        assert "zofka@mail.example" in page.content.decode()
        assert page["Referrer-Policy"] == "same-origin"
        number = str(GuardianConsent.objects.get().pk)
        said = {"child": number, "purpose": ["sharing", "nonsense"]}
        client.post(path, said)
        assert not may(child, Purpose.SHARING)
        client.post(path, {**said, "guardian": "yes"})
        assert may(child, Purpose.SHARING)
        assert not may(child, Purpose.WALLETS)
        given = badge(child)
        shared = sharing.share(child, [given], shown_name="Zofka Novak")
        assert shared.shown_name == bands.band_of(child).pseudonym != "Zofka Novak"
        client.post(path, {"child": number, "nothing": "1"})
        assert not may(child, Purpose.SHARING)
        assert client.get(f"/col/badges/shared/{shared.key}/").status_code == 404

    def test_the_form_says_under_which_name_others_see_a_child(self, client, child):
        consent, _secret = asked(child)
        guarding.allow(consent, {Purpose.SHARING})
        given, name = badge(child), bands.band_of(child).pseudonym
        client.force_login(child)
        page = client.get(f"/col/badges/{given.key}/share/").content.decode()
        assert f'value="{name}"' in page
        assert "whatever you write" in page
        client.post(f"/col/badges/{given.key}/share/", {"shown_name": "Zofka Novak"})
        assert Share.objects.get().shown_name == name
        for path in ("shares/new/", f"shares/{Share.objects.get().key}/"):
            assert "whatever you write" in client.get(f"/col/badges/{path}").content.decode(), path

    def test_one_guardian_several_children(self, client, child):
        other = UserFactory(email="bor@mail.example")
        bands.say(other, is_under=True)
        first, secret = asked(child)
        _second, same = asked(other)
        assert secret == same
        page = client.get(f"/col/guardian/{secret}/").content.decode()
        assert "zofka@mail.example" in page and "bor@mail.example" in page
        guarding.allow(first, {Purpose.SHARING})
        assert may(child, Purpose.SHARING)
        assert not may(other, Purpose.SHARING)

    def test_a_guardian_decides_for_their_own_children_only(self, client, child):
        other = UserFactory()
        bands.say(other, is_under=True)
        _mine, secret = asked(child)
        theirs, _other = asked(other, "else@mail.example")
        said = {"child": str(theirs.pk), "purpose": "sharing", "guardian": "yes"}
        client.post(f"/col/guardian/{secret}/", said)
        assert not may(other, Purpose.SHARING)

    def test_one_yes_of_two_guardians_is_enough(self, child):
        first, _secret = asked(child)
        second, _secret = asked(child, "ivan@mail.example")
        guarding.allow(first, {Purpose.SHARING})
        guarding.allow(second, {Purpose.SHARING})
        shared = sharing.share(child, [badge(child)])
        guarding.allow(first, set())
        assert sharing.find(shared.key) == shared
        second.guardian.delete()
        assert sharing.find(shared.key) is None

    @pytest.mark.parametrize(
        ("email", "code"), [("zofka@mail.example", "own-address"), ("nobody", "bad-email")]
    )
    def test_addresses_that_are_refused(self, child, email, code):
        with pytest.raises(guarding.NotAsked) as refused:
            guarding.ask(child, email)
        assert refused.value.code == code
        assert not Guardian.objects.exists()

    def test_not_a_way_to_write_to_strangers(self, child):
        for number in range(guarding.MOST_A_DAY):
            guarding.ask(child, f"g{number}@mail.example")
        for email in ("more@mail.example", "g0@mail.example"):
            with pytest.raises(guarding.NotAsked) as refused:
                guarding.ask(child, email)
            assert refused.value.code == "too-many"

    def test_who_decides_for_themselves_asks_nobody(self, sixteen):
        learner = UserFactory()
        bands.say(learner, is_under=False)
        with pytest.raises(guarding.NotAsked):
            guarding.ask(learner, "ana@mail.example")

    def test_a_wrong_link_leads_nowhere(self, client, child):
        asked(child)
        assert client.get("/col/guardian/AAAAAAAA/", follow=True).status_code == 404

    def test_a_request_nobody_answers_goes_with_the_address(self, child):
        asked(child)
        assert guarding.forget() == 0
        GuardianConsent.objects.update(asked_at=timezone.now() - guarding.OPEN_FOR)
        assert guarding.forget() == 1
        assert not Guardian.objects.exists()

    def test_a_wrong_address_is_taken_back_and_is_gone(self, client, child):
        consent, _secret = asked(child, "wrong@mail.example")
        other, _secret = asked(child)
        client.force_login(child)
        client.post("/col/my-data/guardian/", {"take_back": consent.pk})
        assert list(GuardianConsent.objects.all()) == [other]
        assert list(Guardian.objects.values_list("email", flat=True)) == ["ana@mail.example"]

    def test_nobody_takes_back_what_is_answered_or_anybody_elses(self, client, child):
        answered, _secret = asked(child)
        guarding.allow(answered, {Purpose.SHARING})
        other = UserFactory()
        bands.say(other, is_under=True)
        theirs, _secret = asked(other, "else@mail.example")
        client.force_login(child)
        for number in (answered.pk, theirs.pk, "x"):
            client.post("/col/my-data/guardian/", {"take_back": number})
        assert GuardianConsent.objects.count() == 2

    def test_who_is_no_guardian_of_a_child_says_so(self, client, child):
        other = UserFactory()
        bands.say(other, is_under=True)
        mine, secret = asked(child)
        asked(other)
        guarding.allow(mine, {Purpose.SHARING})
        shared = sharing.share(child, [badge(child)])
        path = f"/col/guardian/{secret}/"
        client.post(path, {"child": mine.pk, "unknown": "1"})
        assert sharing.find(shared.key) is None
        assert Guardian.objects.exists(), "another child names them"
        page = client.post(path, {"child": GuardianConsent.objects.get().pk, "unknown": "1"})
        assert "Your address is deleted here" in page.content.decode()
        assert not Guardian.objects.exists()
        assert client.get(path, follow=True).status_code == 404

    def test_who_is_younger_is_led_back_after_reading_what_it_means(self, client, sixteen):
        client.force_login(UserFactory())
        answer = client.post("/col/my-data/age/", {"age": "under", "next": "/en/line/"})
        assert answer["Location"] == "/col/my-data/?next=/en/line/"
        assert 'href="/en/line/"' in client.get(answer["Location"]).content.decode()
        elsewhere = client.get("/col/my-data/?next=https://evil.example/").content.decode()
        assert "evil.example" not in elsewhere


class TestRetention:
    def test_every_cleaner_runs_once(self, capsys):
        call_command("col_retention")
        said = capsys.readouterr().out.splitlines()
        assert len(said) == len(set(said)) > 5
        assert any(one.startswith("wagtail_col.lti.cleaning.clean:") for one in said)

    def test_it_runs_as_a_task_and_says_what_failed(self, child, monkeypatch):
        asked(child)
        GuardianConsent.objects.update(asked_at=timezone.now() - guarding.OPEN_FOR)
        assert retain.call() == []
        assert not GuardianConsent.objects.exists()
        monkeypatch.setattr(guarding, "forget", lambda: 1 / 0)
        assert retain.call() == ["wagtail_col.people.guarding.forget"]

    def test_one_that_fails_does_not_keep_the_others(self, monkeypatch):
        monkeypatch.setattr(guarding, "forget", lambda: 1 / 0)
        found = {one.cleaner: one.answer for one in retaining.clean_all()}
        assert found["wagtail_col.people.guarding.forget"] is None
        assert sum(answer is None for answer in found.values()) == 1
