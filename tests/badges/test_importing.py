"""Badges that learners bring: what is kept, what is refused, and what it counts for."""

import io
import json

import pytest
from django.db import connection
from PIL import Image

from tests.badges.build import badge
from tests.badges.elsewhere import GIVEN, HOST, Academy, Pages, sign_token
from tests.badges.openbadges.samples import png
from tests.factories import AchievementFactory, UserFactory
from wagtail_col.badges import importing
from wagtail_col.badges.foreign import Web
from wagtail_col.badges.importing import NotImportable, bring, check_again, import_badge
from wagtail_col.badges.models import Award, Erased, ImportedBadge, Picture, Requirement
from wagtail_col.badges.openbadges import credential, did, jwt
from wagtail_col.badges.openbadges.baking import bake_png
from wagtail_col.badges.openbadges.svg_baking import bake_svg
from wagtail_col.badges.securing import compact
from wagtail_col.badges.shelving import is_verified

pytestmark = pytest.mark.django_db

EMAIL = "ana@example.org"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


@pytest.fixture
def learner():
    return UserFactory(email=EMAIL)


@pytest.fixture
def academy():
    return Academy()


def text(academy, *args, **changes):
    return json.dumps(academy.signed(*args, **changes), ensure_ascii=False)


def add(learner, source, pages, **values):
    return bring(learner, source, web=pages.web(), **values)


def refusal(learner, source, pages, **values) -> str:
    before = ImportedBadge.objects.count()
    with pytest.raises(NotImportable) as caught:
        add(learner, source, pages, **values)
    assert caught.value.message and "%(" not in caught.value.message
    assert ImportedBadge.objects.count() == before
    return caught.value.code


class TestKept:
    def test_as_it_came_with_what_it_says(self, learner, academy):
        source = text(academy)
        kept, created = add(learner, source, academy.pages)
        kept.refresh_from_db()
        assert created and kept.source == source and kept.form == "ob3-json"
        assert (kept.name, kept.issuer_name) == ("Welder «ä» 🔥 <b>", "Academy of Welding")
        assert (kept.identifier, kept.achievement_id) == (
            f"https://{HOST}/credentials/1",
            f"https://{HOST}/badges/welding",
        )
        assert (kept.awarded_at, kept.valid_until, kept.picture) == (GIVEN, None, None)
        assert (kept.verdict, kept.is_own) == ("genuine", True)
        assert is_verified(kept)

    def test_in_every_form(self, learner):
        signing = Academy(kind="p256")
        token = signing.token()
        for number, source in enumerate(
            [token, token.encode(), bake_png(png(), token), bake_svg(SVG, token)]
        ):
            kept, created = add(learner, source, signing.pages)
            assert created == (number == 0)
            assert (kept.form, kept.source) == ("ob3-jwt", token)

    def test_by_its_address(self, learner, academy):
        url = f"https://{HOST}/b/1"
        academy.pages[url] = bake_png(png(), text(academy))
        kept, _created = add(learner, url, academy.pages)
        assert kept.verdict == "genuine" and kept.picture is not None

    @pytest.mark.parametrize("make", ["png", "svg"])
    def test_the_picture_is_made_anew(self, learner, academy, make):
        if make == "png":
            source = bake_png(png(), text(academy))
        else:
            dirty = SVG.replace(b"<path", b"<script>alert(1)</script><path onclick='x()'")
            source = bake_svg(dirty, text(academy))
        kept, _created = add(learner, source, academy.pages)
        content = bytes(kept.picture.content)
        assert b"openbadge" not in content and b"alert" not in content and b"onclick" not in content
        if make == "png":
            with Image.open(io.BytesIO(content)) as opened:
                opened.load()

    def test_a_picture_that_cannot_be_cleaned_is_left_out(self, learner, academy):
        source = bake_svg(b'<svg xmlns="http://www.w3.org/2000/svg"><a/></svg>', text(academy))
        kept, _created = add(learner, source, academy.pages)
        assert kept.verdict == "genuine"

    @pytest.mark.parametrize(
        "name",
        [
            "\U0001f525",
            "日本語",
            "a\u0000b",
            "\u202eevil",
            "x" * 5000,
            "' OR 1=1 --",
            "\ud800",
            "&amp;",
        ],
        ids=range(8),
    )
    def test_special_characters_never_fail(self, learner, name):
        signing = Academy(kind="p256")
        achievement = credential.AchievementClaim(signing.achievement_id, name, name, name)
        document = signing.unsigned(status=None, achievement=achievement)
        # Escaped, as careful issuers write it.
        part = jwt.encode_base64url(
            json.dumps({**document, "iss": signing.id}, ensure_ascii=True).encode()
        )
        kid = did.token_key_id(signing.id, signing.public)
        token = sign_token({}, {"alg": "ES256", "kid": kid}, signing.private, payload_part=part)
        kept, _created = add(learner, token, signing.pages)
        kept.refresh_from_db()
        assert kept.name and len(kept.name) <= 500 and "\u202e" not in kept.name

    def test_whose_it_is(self, academy):
        own = UserFactory(email="ANA@example.org")
        other, nobody = UserFactory(email="bor@example.org"), UserFactory(email="")
        found = [
            add(one, text(academy, EMAIL), academy.pages)[0].is_own for one in (own, other, nobody)
        ]
        assert found == [True, False, None]
        unnamed = text(academy, subject=credential.Subject(id="urn:uuid:x"))
        assert add(own, unnamed, academy.pages)[0].is_own is None

    def test_only_a_confirmed_address_counts(self, learner, academy, settings):
        settings.WAGTAIL_COL = {
            **settings.WAGTAIL_COL,
            "CONFIRMED_EMAILS": "tests.badges.test_importing.nobodys",
        }
        assert add(learner, text(academy), academy.pages)[0].is_own is None

    @pytest.mark.parametrize(
        ("change", "verdict"),
        [("revoked", "taken-back"), ("no-list", "unknown"), ("no-key", "unknown")],
    )
    def test_marked_as_what_the_check_came_to(self, learner, academy, change, verdict):
        if change == "revoked":
            academy.publish(revoked=(77,))
        elif change == "no-list":
            academy.pages[academy.list_url] = 503
        else:
            academy.pages["https://academy.example/academy/did.json"] = "unreachable"
        kept, _created = add(learner, text(academy), academy.pages)
        assert kept.verdict == verdict and not is_verified(kept)


def nobodys(user):
    return []


class TestRefused:
    def test_what_does_not_hold(self, learner, academy):
        changed = text(academy).replace("steel", "stee1")
        assert refusal(learner, changed, academy.pages) == "false"
        unsigned = json.dumps(academy.unsigned())
        assert refusal(learner, unsigned, academy.pages) == "false"

    @pytest.mark.parametrize(
        "source", ["", "hello", "{}", "[]", b"\xff", "eyJhbGciOiJub25lIn0.e30."]
    )
    def test_what_is_no_badge(self, learner, source):
        assert refusal(learner, source, Pages()) in ("unreadable", "false")

    def test_a_picture_without_one(self, learner):
        with pytest.raises(NotImportable, match="There is no badge in it"):
            add(learner, png(), Pages())

    def test_an_address_that_gives_none(self, learner):
        pages = Pages({f"https://{HOST}/p": "<p>hi"})
        for url, words in (
            (f"https://{HOST}/x", r"\(404\)"),
            (f"https://{HOST}/p", "names no badge"),
        ):
            with pytest.raises(NotImportable, match=words) as caught:
                add(learner, url, pages)
            assert caught.value.code == "not-fetched"

    @pytest.mark.parametrize(
        "url", ["https://127.0.0.1/", "https://localhost/", "https://10.0.0.1/b"]
    )
    def test_an_address_inside_the_network(self, learner, url):
        with pytest.raises(NotImportable) as caught:
            import_badge(learner, url)
        assert caught.value.code == "not-fetched"

    def test_one_of_this_site(self, learner):
        one = badge(learner)
        for source in (one.credential, compact(one)):
            assert refusal(learner, source, Pages()) == "ours"

    def test_more_than_anybody_has(self, learner, academy, monkeypatch):
        monkeypatch.setattr(importing, "MOST_BADGES", 1)
        add(learner, text(academy), academy.pages)
        other = Academy("other.example")
        assert refusal(learner, text(other), other.pages) == "too-many"
        assert not add(learner, text(academy), academy.pages)[1]

    def test_nothing_is_locked_while_others_are_asked(self, learner, academy):
        def fetch(url, **values):
            assert not connection.in_atomic_block or connection.savepoint_ids == savepoints
            return Pages.fetch(academy.pages, url, **values)

        savepoints = list(connection.savepoint_ids)
        bring(learner, text(academy), web=Web(fetch))


class TestAgain:
    def test_the_same_is_brought_up_to_date(self, learner, academy):
        first, _created = add(learner, text(academy), academy.pages)
        academy.publish(revoked=(77,))
        second, created = add(learner, text(academy), academy.pages)
        assert (second.pk, created, second.verdict) == (first.pk, False, "taken-back")

    def test_a_newer_edition_takes_its_place(self, learner, academy):
        first, _created = add(learner, text(academy), academy.pages)
        longer = text(academy, evidence=(credential.EvidenceItem("More seams"),))
        second, created = add(learner, longer, academy.pages)
        assert (second.pk, created, second.source) == (first.pk, False, longer)

    def test_one_that_cannot_be_checked_does_not(self, learner, academy):
        kept, _created = add(learner, text(academy), academy.pages)
        academy.pages[academy.list_url] = 503
        assert refusal(learner, text(academy), academy.pages) == "weaker"
        kept.refresh_from_db()
        assert kept.verdict == "genuine"
        add(learner, text(academy), academy.pages, replace=True)
        kept.refresh_from_db()
        assert kept.verdict == "unknown"

    def test_of_two_learners_is_each_ones_own(self, learner, academy):
        add(learner, text(academy), academy.pages)
        assert add(UserFactory(), text(academy), academy.pages)[1]

    def test_the_same_id_of_another_issuer_is_another_badge(self, learner, academy):
        other = Academy("other.example")
        add(learner, text(academy), academy.pages)
        stolen = other.unsigned()
        stolen["id"] = f"https://{HOST}/credentials/1"
        assert add(learner, json.dumps(other.sign(stolen)), other.pages)[1]

    def test_checking_again(self, learner, academy):
        kept, _created = add(learner, text(academy), academy.pages)
        academy.pages[academy.list_url] = 503
        assert not check_again(kept, web=academy.pages.web())
        assert kept.verdict == "genuine"
        academy.publish(revoked=(77,))
        assert check_again(kept, web=academy.pages.web())
        kept.refresh_from_db()
        assert kept.verdict == "taken-back"

    def test_checking_again_after_adding_an_address(self, academy):
        learner = UserFactory(email="old@example.org")
        kept, _created = add(learner, text(academy, EMAIL), academy.pages)
        assert kept.is_own is False
        learner.email = EMAIL
        learner.save()
        check_again(ImportedBadge.objects.get(), web=academy.pages.web())
        assert ImportedBadge.objects.get().is_own is True

    def test_deleting_takes_the_picture_along(self, learner, academy):
        add(learner, bake_png(png(), text(academy)), academy.pages)
        add(learner, bake_png(png(9, 9), text(academy)), academy.pages)
        assert Picture.objects.count() == 1
        importing.delete(ImportedBadge.objects.get())
        assert not ImportedBadge.objects.exists() and not Picture.objects.exists()
        assert not Erased.objects.exists()


class TestCounting:
    @pytest.fixture
    def master(self, academy):
        made = AchievementFactory()
        Requirement.objects.create(
            achievement=made, elsewhere=academy.achievement_id, name="Welder"
        )
        return made

    def test_a_real_one_of_ones_own_earns_what_asks_for_it(self, learner, academy, master):
        add(learner, text(academy), academy.pages)
        assert Award.objects.get().achievement == master
        add(learner, text(academy), academy.pages)
        assert Award.objects.count() == 1

    def test_another_learners_does_not(self, academy, master):
        add(UserFactory(email="bor@example.org"), text(academy), academy.pages)
        assert not Award.objects.exists()

    def test_one_that_cannot_be_checked_does_not_until_it_is(self, learner, academy, master):
        academy.pages[academy.list_url] = 503
        kept, _created = add(learner, text(academy), academy.pages)
        assert not Award.objects.exists()
        academy.publish()
        check_again(kept, web=academy.pages.web())
        assert Award.objects.exists()

    @pytest.mark.parametrize("issuer", ["", "did:key"])
    def test_what_somebody_else_signed_in_its_name_does_not(self, learner, academy, master, issuer):
        """Anybody can write down the achievement of a university, and sign that."""
        forger = Academy("forger.example", issuer=issuer)
        forger.achievement_id = academy.achievement_id
        kept, _created = add(learner, text(forger, status=None), forger.pages)
        assert kept.verdict == "genuine" and kept.achievement_id == ""
        assert not Award.objects.exists()

    @pytest.mark.parametrize("before", ["\u202a", "\x01", "\n"])
    def test_an_older_one_under_the_hidden_name_of_another_does_not(
        self, learner, academy, master, before
    ):
        """The name is read without the characters that are not shown; its host is not asked."""
        evil, words = "https://evil.example", {"@context": "https://w3id.org/openbadges/v2"}
        hosted = {
            **words,
            "type": "Assertion",
            "id": f"{evil}/a",
            "recipient": {"type": "email", "hashed": False, "identity": EMAIL},
            "badge": f"{evil}/b",
            "verification": {"type": "hosted"},
            "issuedOn": "2026-01-01T00:00:00Z",
        }
        pages = Pages(
            {
                f"{evil}/a": hosted,
                f"{evil}/b": {
                    **words,
                    "type": "BadgeClass",
                    "id": before + academy.achievement_id,
                    "name": "Welder",
                    "description": "d",
                    "criteria": {"narrative": "c"},
                    "issuer": f"{evil}/i",
                },
                # The identifier of this very site.
                f"{evil}/i": {**words, "type": "Issuer", "id": "did:web:testserver", "name": "x"},
            }
        )
        kept, _created = add(learner, json.dumps(hosted), pages)
        assert kept.verdict == "genuine" and kept.is_own
        assert (kept.achievement_id, kept.issuer_id) == (f"{evil}/b", f"{evil}/i")
        assert not Award.objects.exists()
