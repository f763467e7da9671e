"""The link in the e-mail about an endorsement, the answer, and the e-mails themselves."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from tests.badges.build import badge
from tests.badges.endorse import ANSWER, again, asked, given, path_of
from tests.factories import AchievementFactory, UserFactory
from wagtail_col.badges import endorsing, keys
from wagtail_col.badges.awarding import revoke
from wagtail_col.badges.endorsing import State, state_of
from wagtail_col.badges.models import Endorsement
from wagtail_col.badges.verifying import Verdict, verdict, verify_text

pytestmark = pytest.mark.django_db

ATTACK = "<img src=x onerror=alert(1)>'\"\u2019</script>"


def answer(client, endorsement, action, **changes):
    data = {**ANSWER, "speaks": "on", "action": action} | changes
    return client.post(path_of(endorsement), data)


class TestLink:
    def test_shows_what_is_endorsed_and_no_more(self, client, award, learner):
        one = asked(award, shown_name="Zofka", message="You saw me solder.")
        response = client.get(path_of(one))
        text = response.text
        for words in ("Explorer", "Knows the way around.", "Zofka", "You saw me solder."):
            assert words in text
        for secret in ("zofka.novak", "z.novak", str(award.key), "Podcast from zero"):
            assert secret not in text

    def test_without_a_name_it_is_a_learner(self, client, award):
        text = client.get(path_of(asked(award))).text
        assert "A learner, who does not say their name here" in text

    def test_tells_nobody_its_address(self, client, award):
        response = client.get(path_of(asked(award)))
        assert response["Cache-Control"] == "private, no-store"
        assert response["Referrer-Policy"] == "same-origin"
        assert "noindex" in response["X-Robots-Tag"]

    @pytest.mark.parametrize("method", ["get", "head"])
    def test_opening_it_changes_nothing(self, client, award, method):
        one = asked(award)
        before = Endorsement.objects.values().get()
        path = path_of(one)
        for query in ("", "?action=sign", "?action=decline", "?lang=es"):
            assert getattr(client, method)(path + query).status_code == 200
        assert Endorsement.objects.values().get() == before

    def test_a_wrong_link(self, client, award):
        asked(award)
        for secret in ("x", "A" * 32, "%00", "../x"):
            assert client.get(f"/col/badges/endorse/{secret}/").status_code == 404

    def test_the_key_of_the_row_opens_nothing(self, client, award):
        one = asked(award)
        assert client.get(f"/col/badges/endorse/{one.key}/").status_code == 404
        assert client.get(f"/col/badges/endorse/{one.secret_hash}/").status_code == 404

    def test_another_ones_link_answers_its_own_request_only(self, client, award):
        mine, other = asked(award), asked(badge(), email="b@b.example")
        answer(client, mine, "sign")
        assert state_of(again(other)) == State.WAITING
        assert again(mine).award == award

    def test_of_a_badge_and_of_an_issuer(self, client):
        editor = UserFactory(is_superuser=True)
        text = client.get(path_of(asked(AchievementFactory(), editor))).text
        assert "Would you stand by this badge?" in text
        text = client.get(path_of(asked(keys.site_issuer(), editor))).text
        assert "Would you stand by this organisation’s badges?" in text
        assert "Test site" in text


class TestAnswer:
    def test_look_then_sign_then_it_stands(self, client, award):
        one = asked(award)
        preview = answer(client, one, "look")
        assert preview.status_code == 200
        for words in (ANSWER["organisation"], ANSWER["person"], "We would take her again"):
            assert words in preview.text
        assert "an address at navesur.example" in preview.text
        assert state_of(again(one)) == State.WAITING
        # What the page itself sends back when one presses the button.
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', preview.text))
        assert set(hidden) >= set(ANSWER)
        response = answer(client, one, "sign", speaks=hidden["speaks"])
        assert response.status_code == 302
        assert state_of(again(one)) == State.GIVEN
        done = client.get(response["Location"])
        assert "Thank you. You stand by it." in done.text
        assert verdict(verify_text(again(one).credential)) == Verdict.GENUINE

    def test_back_to_change_keeps_what_was_written(self, client, award):
        response = answer(client, asked(award), "change", comment="Half a thought")
        assert response.status_code == 200
        assert "Half a thought" in response.text
        assert "col-field__error" not in response.text

    @pytest.mark.parametrize("action", ["look", "sign"])
    @pytest.mark.parametrize("missing", [*sorted({*ANSWER} - {"website"}), "speaks"])
    def test_nothing_is_signed_with_something_missing(self, client, award, action, missing):
        one = asked(award)
        response = answer(client, one, action, **{missing: ""})
        assert response.status_code == 400
        assert "Nothing was signed." in response.text
        assert 'aria-invalid="true"' in response.text
        assert state_of(again(one)) == State.WAITING

    def test_lines_end_as_lines_whatever_the_browser_sends(self, client, award):
        one = asked(award)
        answer(client, one, "sign", comment="\r\n".join(["x" * 999, "y" * 1000]))
        assert "\r" not in again(one).comment
        assert "x\ny" in again(one).comment

    def test_what_is_not_known_only_looks(self, client, award):
        one = asked(award)
        assert answer(client, one, "delete").status_code == 200
        assert state_of(again(one)) == State.WAITING

    def test_control_characters_are_refused(self, client, award):
        one = asked(award)
        for field in ("organisation", "person", "comment"):
            assert answer(client, one, "sign", **{field: "Fine \x07 else"}).status_code == 400
        assert state_of(again(one)) == State.WAITING

    def test_texts_are_shown_as_text(self, client, award, learner):
        one = asked(award)
        written = {"organisation": ATTACK, "person": ATTACK, "comment": ATTACK}
        preview = answer(client, one, "look", **written)
        answer(client, one, "sign", **written)
        client.force_login(learner)
        pages = [
            preview,
            client.get(path_of(one)),
            client.get(award.get_absolute_url()),
            client.get(f"/col/badges/{award.key}/endorsements/"),
            client.get(f"/col/badges/issuers/{again(one).endorser.slug}/"),
        ]
        for page in pages:
            assert page.status_code == 200
            assert "<img src=x" not in page.text
            assert "&lt;img src=x" in page.text

    def test_a_message_is_shown_as_text(self, client, award):
        one = asked(award, message="<b>Hello</b> & <i>you</i>", shown_name="<u>Z</u>")
        text = client.get(path_of(one)).text
        assert "&lt;b&gt;Hello" in text
        assert "<b>Hello" not in text
        assert "<u>Z" not in text

    def test_twice_is_once(self, client, award):
        one = asked(award)
        answer(client, one, "sign")
        before = again(one).credential
        assert answer(client, one, "sign", comment="Other").status_code == 302
        assert answer(client, one, "decline").status_code == 302
        assert again(one).credential == before
        assert state_of(again(one)) == State.GIVEN

    def test_no(self, client, award):
        one = asked(award)
        response = answer(client, one, "decline")
        assert "You said no" in client.get(response["Location"]).text
        assert state_of(again(one)) == State.DECLINED
        assert answer(client, one, "sign").status_code == 302
        assert again(one).credential == ""

    def test_taken_back_from_the_same_link(self, client, award):
        one = given(award)
        response = answer(client, one, "withdraw")
        assert "You took it back" in client.get(response["Location"]).text
        assert state_of(again(one)) == State.WITHDRAWN
        assert answer(client, one, "sign").status_code == 302
        assert state_of(again(one)) == State.WITHDRAWN

    @pytest.mark.parametrize("end", ["expired", "called off", "taken back"])
    def test_over(self, client, award, end):
        one = asked(award)
        if end == "expired":
            Endorsement.objects.update(asked_at=timezone.now() - timedelta(days=91))
        elif end == "called off":
            endorsing.hide(one)
        else:
            revoke(award, "By mistake.")
        assert client.get(path_of(one)).status_code == 410
        for action in ("look", "sign", "decline", "withdraw"):
            answer(client, one, action)
        assert again(one).credential == ""
        assert again(one).declined_at is None

    def test_needs_the_token_against_forgery(self, award):
        from django.test import Client

        one = asked(award)
        strict = Client(enforce_csrf_checks=True)
        assert answer(strict, one, "sign").status_code == 403
        assert state_of(again(one)) == State.WAITING


class TestMail:
    def test_asks_in_words_with_one_link(self, award, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            one = asked(award, shown_name="Zofka", message="You saw <b>me</b> solder.")
        (message,) = mail.outbox
        assert message.to == ["eva@navesur.example"]
        assert message.subject == "Would you stand by “Explorer”?"
        html = message.alternatives[0][0]
        for text in (message.body, html):
            assert re.findall(r"https?://[^\s\"<]+", text) == [
                f"http://testserver{path_of(one)}?lang=en"
            ]
            assert "Zofka has earned the badge “Explorer” from Test site" in text
        assert "You saw &lt;b&gt;me&lt;/b&gt; solder." in html
        for secret in ("z.novak", "zofka.novak"):
            assert secret not in message.message().as_string()
        assert again(one).emailed_at

    def test_tells_who_asked(self, award, client, django_capture_on_commit_callbacks):
        one = asked(award)
        with django_capture_on_commit_callbacks(execute=True):
            answer(client, one, "sign")
        (message,) = mail.outbox
        assert message.to == ["z.novak@mail.example"]
        assert message.subject == "Nave Sur stands by “Explorer”"
        assert f"/col/badges/{award.key}/?lang=en#endorsements" in message.body

    def test_header_injection_by_what_is_written(
        self, award, client, django_capture_on_commit_callbacks
    ):
        one = asked(award)
        with django_capture_on_commit_callbacks(execute=True):
            answer(client, one, "sign", organisation="X\r\nBcc: all@b.example")
        (message,) = mail.outbox
        assert "\n" not in message.subject
        assert "Bcc" not in message.message()

    def test_when_mail_is_down_it_is_sent_later(
        self, award, settings, django_capture_on_commit_callbacks
    ):
        working = settings.EMAIL_BACKEND
        settings.EMAIL_BACKEND = "tests.badges.test_telling.BrokenBackend"
        with django_capture_on_commit_callbacks(execute=True):
            one = asked(award)
        assert again(one).emailed_at is None
        settings.EMAIL_BACKEND = working
        Endorsement.objects.filter(pk=one.pk).update(emailed_at=None)
        award.emailed_at = timezone.now()
        award.save(update_fields=["emailed_at"])
        call_command("send_badge_emails", verbosity=0)
        call_command("send_badge_emails", verbosity=0)
        assert [message.to for message in mail.outbox] == [["eva@navesur.example"]]

    def test_nothing_is_sent_later_that_is_over(self, award):
        from wagtail_col.badges import endorsement_mail

        for number, end in enumerate((endorsing.hide, endorsing.decline)):
            end(asked(award, email=f"{number}@a.example"))
        asked(award, email="old@a.example")
        Endorsement.objects.filter(email="old@a.example").update(
            asked_at=timezone.now() - timedelta(days=15)
        )
        assert endorsement_mail.waiting() == []
