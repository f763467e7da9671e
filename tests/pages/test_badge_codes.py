"""An organiser makes codes and cards of a badge, shows them and takes them back."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.pages import editing
from wagtail_col.badges.models import Award, Issuer
from wagtail_col.learning import claims, code_making, code_sheets
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import ClaimCode, CodeSheet
from wagtail_col.pages.admin.badge_codes import url

pytestmark = pytest.mark.django_db


def organisation(slug):
    """An issuer with a member of its team, who may enter the admin."""
    group = Group.objects.create(name=slug)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    issuer = Issuer.objects.create(slug=slug, name=slug.title(), team=group)
    member = factories.UserFactory(username=f"{slug}-member")
    member.groups.add(group)
    return issuer, member


@pytest.fixture
def library(db):
    return organisation("library")


@pytest.fixture
def badge(library):
    badge = factories.AchievementFactory(issuer=library[0])
    badge.texts.update(name="Sound <b>maker")
    return badge


@pytest.fixture
def me(client, library):
    client.force_login(library[1])
    return client


def make(client, badge, **values):
    data = {"event": "Open <b>day", "valid_from": "", "valid_until": "", "most_uses": ""} | values
    return client.post(url("codes", badge.key), data)


def make_cards(client, badge, **values):
    data = {"event": "Open <b>day", "count": "12", "valid_from": "", "valid_until": ""} | values
    return client.post(url("make_cards", badge.key), data)


def test_the_badges_one_may_give_are_listed(me, badge):
    other = factories.AchievementFactory(issuer=organisation("museum")[0])
    other.texts.update(name="Curator")
    draft = factories.AchievementFactory(issuer=badge.issuer, live=False)
    code_making.make_badge_code(badge, by=None)
    code_making.make_badge_code(badge, by=None, valid_until=timezone.now() - timedelta(days=1))
    page = me.get(url("index"))
    content = page.content.decode()
    assert "Sound &lt;b&gt;maker" in content
    assert [found.working for found in page.context["badges"]] == [1]
    assert "Curator" not in content
    assert str(draft.key) not in content
    assert url("index") in me.get(reverse("wagtailadmin_home")).content.decode()


def test_a_code_is_made_for_an_event_and_shown(me, badge, library):
    response = make(me, badge, most_uses="30")
    code = ClaimCode.objects.get()
    assert response.url == url("code", badge.key, code.key)
    assert (code.achievement, code.event, code.most_uses) == (badge, "Open <b>day", 30)
    assert code.created_by == library[1]
    page = me.get(response.url)
    html, text = page.content.decode(), claims.text_of(code)
    assert text in html
    assert "Sound &lt;b&gt;maker" in html
    assert "Open &lt;b&gt;day" in html
    assert f"testserver{reverse('col_learning:claim')}" in html
    assert page.context["link"] == "http://testserver" + reverse(
        "col_learning:claim_code", args=[text]
    )
    drawing = re.search(r"<svg.*?</svg>", html, re.DOTALL)[0]
    assert ElementTree.fromstring(drawing).tag.endswith("svg")
    no_inline_anything(html)
    listed = me.get(url("codes", badge.key)).content.decode()
    assert text in listed
    assert "0 of 30 times" in listed


def no_inline_anything(html):
    assert "style" not in html.replace("stylesheet", "")
    assert "<script" not in html
    assert not re.search(r"\son\w+=", html)


def test_the_shown_page_counts_again_when_it_is_opened_again(me, badge):
    response = make(me, badge)
    text = claims.text_of(ClaimCode.objects.get())
    assert "used 0 times" in me.get(response.url).content.decode()
    claims.redeem(factories.UserFactory(), text)
    assert "used 1 time" in me.get(response.url).content.decode()


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"event": ""}, "event", "required"),
        ({"event": "bell \x07"}, "event", "invisible control character"),
        ({"event": "x" * 201}, "event", "at most 200"),
        ({"most_uses": "0"}, "most_uses", "greater than or equal to 1"),
        ({"valid_until": "2001-01-01 10:00"}, "valid_until", "over already"),
        (
            {"valid_from": "2031-01-02 10:00", "valid_until": "2031-01-01 10:00"},
            "valid_until",
            "after the start",
        ),
    ],
)
def test_nonsense_makes_no_code(me, badge, values, field, message):
    response = make(me, badge, **values)
    assert response.status_code == 200
    assert message in " ".join(response.context["form"].errors[field])
    assert message in editing.errors(response)
    assert not ClaimCode.objects.exists()


def test_a_new_code_takes_the_place_of_one_that_got_out(me, badge):
    make(me, badge, most_uses="5")
    old = ClaimCode.objects.get()
    replace = url("replace", badge.key, old.key)
    assert me.get(replace).status_code == 405
    response = me.post(replace)
    new = ClaimCode.objects.exclude(pk=old.pk).get()
    assert response.url == url("code", badge.key, new.key)
    with pytest.raises(Refused, match="stopped working"):
        claims.redeem(factories.UserFactory(), claims.text_of(old))
    assert me.post(replace).url == url("codes", badge.key)
    assert ClaimCode.objects.count() == 2


def test_a_withdrawn_code_is_good_for_nothing_and_its_badges_stay(me, badge):
    make(me, badge)
    code = ClaimCode.objects.get()
    claims.redeem(factories.UserFactory(), claims.text_of(code))
    withdraw = url("withdraw", badge.key, code.key)
    assert "Nobody will be able" in me.get(withdraw).content.decode()
    code.refresh_from_db()
    assert code.valid_until is None
    me.post(withdraw)
    with pytest.raises(Refused, match="stopped working"):
        claims.redeem(factories.UserFactory(), claims.text_of(code))
    assert Award.objects.count() == 1
    assert "Over" in me.get(url("codes", badge.key)).content.decode()


def test_cards_are_made_and_laid_out(me, badge):
    response = make_cards(me, badge)
    sheet = CodeSheet.objects.get()
    assert response.url == url("cards", badge.key, sheet.key)
    html = me.get(response.url).content.decode()
    assert html.count('class="col-cutout"') == 12
    assert html.count('class="col-sheet"') == 2
    assert html.count('class="col-cutout__marks"') == 12
    printed = code_sheets.cards(sheet)
    assert all(card.text[:10] in html and card.text[10:] in html for card in printed)
    assert "Sound &lt;b&gt;maker" in html
    assert "Open &lt;b&gt;day" in html
    no_inline_anything(html)
    # A used one is not printed again.
    claims.redeem(factories.UserFactory(), printed[0].text)
    assert me.get(response.url).content.decode().count('class="col-cutout"') == 11
    listed = me.get(url("codes", badge.key)).content.decode()
    assert "1 of 12" in listed
    assert printed[1].text not in listed, "cards are not in the list of codes"


@pytest.mark.parametrize("count", ["0", "-1", "501", "many", ""])
def test_not_any_number_of_cards(me, badge, count):
    response = make_cards(me, badge, count=count)
    assert response.status_code == 200
    assert response.context["form"].errors["count"]
    assert not ClaimCode.objects.exists()


def test_cards_that_nobody_used_are_withdrawn(me, badge):
    make_cards(me, badge, count="3")
    sheet = CodeSheet.objects.get()
    texts = [card.text for card in code_sheets.cards(sheet)]
    claims.redeem(factories.UserFactory(), texts[0])
    withdraw = url("withdraw_cards", badge.key, sheet.key)
    assert "2 cards were not used yet" in me.get(withdraw).content.decode()
    assert len(code_sheets.cards(sheet)) == 2
    me.post(withdraw)
    with pytest.raises(Refused, match="stopped working"):
        claims.redeem(factories.UserFactory(), texts[1])
    assert (
        "No card of this sheet is left"
        in me.get(url("cards", badge.key, sheet.key)).content.decode()
    )


def test_a_draft_has_no_codes(me, badge):
    badge.live = False
    badge.save()
    assert "until it is published" in me.get(url("codes", badge.key)).content.decode()
    make(me, badge)
    make_cards(me, badge)
    assert not ClaimCode.objects.exists()


def test_only_who_may_give_the_badge(client, badge):
    code = code_making.make_badge_code(badge, by=None, event="Open day")
    sheet = code_sheets.make_sheet(badge, count=1, by=None)
    card = code_sheets.cards(sheet)[0].text
    addresses = [
        url("codes", badge.key),
        url("make_cards", badge.key),
        url("code", badge.key, code.key),
        url("replace", badge.key, code.key),
        url("withdraw", badge.key, code.key),
        url("cards", badge.key, sheet.key),
        url("withdraw_cards", badge.key, sheet.key),
    ]
    provider = factories.provider_page(factories.territory_page())
    users = [
        None,
        factories.UserFactory(),
        editing.member_of(provider),
        organisation("museum")[1],
    ]
    for user in users:
        client.logout()
        if user:
            client.force_login(user)
        for address in addresses:
            for response in (client.get(address), client.post(address, {"event": "x", "count": 1})):
                assert response.status_code in (302, 403, 405), address
                content = response.content.decode()
                assert claims.text_of(code) not in content
                assert card[:10] not in content
    client.force_login(users[2])
    assert client.get(url("index")).status_code in (302, 403)
    assert ClaimCode.objects.filter(valid_until=None).count() == 2


def test_a_code_of_another_badge_is_not_there(me, badge):
    other = factories.AchievementFactory(issuer=badge.issuer)
    code = code_making.make_badge_code(badge, by=None)
    sheet = code_sheets.make_sheet(badge, count=1, by=None)
    for address in (
        url("code", other.key, code.key),
        url("withdraw", other.key, code.key),
        url("cards", other.key, sheet.key),
        url("code", badge.key, sheet.codes.get().key),
        url("codes", code.key),
    ):
        assert me.get(address, follow=True).status_code == 404


def test_a_secret_that_is_gone_is_explained(me, badge, settings):
    make(me, badge)
    make_cards(me, badge, count="2")
    settings.WAGTAIL_COL = settings.WAGTAIL_COL | {"KEYS": ["another-secret-" + "b" * 32]}
    assert "Make a new one" in me.get(url("codes", badge.key)).content.decode()
    code, sheet = ClaimCode.objects.get(sheet=None), CodeSheet.objects.get()
    for address in (url("code", badge.key, code.key), url("cards", badge.key, sheet.key)):
        assert "cannot be shown any more" in me.get(address).content.decode()


@pytest.mark.parametrize("page", ["index", "codes", "cards"])
def test_queries_do_not_grow(me, badge, page):
    def more(count):
        for _n in range(count):
            factories.AchievementFactory(issuer=badge.issuer)
            make(me, badge)
            code_sheets.make_sheet(badge, count=count, by=None)

    def queries():
        key = [badge.key] if page != "index" else []
        if page == "cards":
            key.append(CodeSheet.objects.latest("pk").key)
        me.get(url(page, *key))
        with CaptureQueriesContext(connection) as captured:
            me.get(url(page, *key))
        return len(captured)

    more(1)
    few = queries()
    more(5)
    assert queries() == few
