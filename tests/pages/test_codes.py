"""An organiser makes a code, shows it and takes it back."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.pages import editing
from wagtail_col.learning import claims
from wagtail_col.learning.journey import Refused
from wagtail_col.learning.models import ClaimCode
from wagtail_col.pages.standard.models import OpportunityPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    return factories.provider_page(factories.territory_page())


@pytest.fixture
def page(provider):
    starts = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    return factories.opportunity_page(provider, title="Record <b>a minute</b>", starts=starts)


@pytest.fixture
def me(client, provider):
    client.force_login(editing.member_of(provider))
    return client


def codes(page):
    return reverse("col_admin_codes", args=[page.pk])


def local(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def test_sensible_times_are_there_already(me, page):
    form = me.get(codes(page)).context["form"]
    date = page.dates.get()
    assert form.initial["valid_from"] == date.starts_at - timedelta(hours=1)
    assert form.initial["valid_until"] == date.ends_at + timedelta(hours=2)


def test_of_several_dates_the_next_one_counts(me, provider):
    starts = timezone.now() - timedelta(days=3)
    page = factories.opportunity_page(provider, starts=starts, dates=2)
    form = me.get(codes(page)).context["form"]
    assert form.initial["valid_from"] == starts + timedelta(days=7) - timedelta(hours=1)
    timeless = factories.opportunity_page(provider, title="Any time", dates=0)
    assert me.get(codes(timeless)).context["form"].initial == {}


def make(client, page, **values):
    data = {"valid_from": "", "valid_until": "", "most_uses": ""} | values
    return client.post(codes(page), data)


def test_a_code_is_made_and_shown(me, page):
    response = make(me, page, most_uses="30")
    code = ClaimCode.objects.get()
    assert response.url == reverse("col_admin_code", args=[page.pk, code.key])
    assert code.created_by.username == "ana"
    assert code.most_uses == 30
    html = me.get(response.url).content.decode()
    text = claims.text_of(code)
    assert text in html
    assert "Record &lt;b&gt;a minute" in html
    address = reverse("col_learning:claim")
    assert f"testserver{address}" in html
    drawing = re.search(r"<svg.*?</svg>", html, re.DOTALL)[0]
    assert ElementTree.fromstring(drawing).tag.endswith("svg")
    assert "style" not in html.replace("stylesheet", "")
    assert "<script" not in html
    assert not re.search(r"\son\w+=", html)
    listed = me.get(codes(page)).content.decode()
    assert text in listed
    assert "0 of 30 times" in listed
    assert "Works now" in listed


def test_the_picture_holds_the_whole_address(me, page, settings):
    make(me, page)
    code = ClaimCode.objects.get()
    context = me.get(reverse("col_admin_code", args=[page.pk, code.key])).context
    text = claims.text_of(code)
    expected = "http://testserver" + reverse("col_learning:claim_code", args=[text])
    assert context["link"] == expected


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"most_uses": "0"}, "most_uses", "greater than or equal to 1"),
        ({"most_uses": "-4"}, "most_uses", "greater than or equal to 1"),
        ({"most_uses": "many"}, "most_uses", "whole number"),
        ({"valid_from": "tomorrow"}, "valid_from", "valid date"),
        ({"valid_until": "2001-01-01 10:00"}, "valid_until", "over already"),
        (
            {"valid_from": "2031-01-02 10:00", "valid_until": "2031-01-01 10:00"},
            "valid_until",
            "after the start",
        ),
    ],
)
def test_nonsense_makes_no_code(me, page, values, field, message):
    response = make(me, page, **values)
    assert response.status_code == 200
    assert message in " ".join(response.context["form"].errors[field])
    assert message in editing.errors(response)
    assert not ClaimCode.objects.exists()


def test_a_withdrawn_code_is_good_for_nothing(me, page):
    soon = timezone.now() + timedelta(hours=1)
    line = factories.playlist_page(page.get_parent().specific, [{"listing": page}])
    learner = factories.UserFactory()
    for values in ({}, {"valid_from": local(soon)}, {"most_uses": "3"}):
        make(me, page, **values)
        code = ClaimCode.objects.latest("created_at")
        withdraw = reverse("col_admin_withdraw_code", args=[page.pk, code.key])
        assert "Nobody will be able" in me.get(withdraw).content.decode()
        code.refresh_from_db()
        assert code.valid_until is None
        assert me.post(withdraw).status_code == 302
        with pytest.raises(Refused, match="stopped working"):
            claims.redeem(learner, claims.text_of(code))
    assert me.get(codes(page)).content.decode().count("Over") == 3
    assert line.live


def test_only_who_may_edit_the_page(client, page):
    code = claims.make_code(
        page_listing(page), by=None, valid_from=None, valid_until=None, most_uses=None
    )
    neighbour = factories.provider_page(page.get_parent().get_parent().specific, title="Neighbour")
    addresses = [
        codes(page),
        reverse("col_admin_code", args=[page.pk, code.key]),
        reverse("col_admin_withdraw_code", args=[page.pk, code.key]),
    ]
    users = [None, factories.UserFactory(), editing.member_of(neighbour, "zoe")]
    for user in users:
        client.logout()
        if user:
            client.force_login(user)
        for address in addresses:
            for response in (client.get(address), client.post(address, {"most_uses": "1"})):
                assert response.status_code in (302, 403)
                assert claims.text_of(code) not in response.content.decode()
    code.refresh_from_db()
    assert code.valid_until is None
    assert ClaimCode.objects.count() == 1


def page_listing(page):
    from wagtail_col.catalogue.models import Listing

    return Listing.objects.get(key=page.translation_key)


def test_a_code_of_another_page_is_not_shown(me, page, provider):
    other = factories.opportunity_page(provider, title="Other")
    make(me, page)
    code = ClaimCode.objects.get()
    for name in ("col_admin_code", "col_admin_withdraw_code"):
        address = reverse(name, args=[other.pk, code.key])
        assert me.get(address, follow=True).status_code == 404


def test_an_opportunity_that_is_not_published_has_no_codes(me, provider):
    draft = factories.opportunity_page(provider, title="Draft", live=False)
    assert "Publish it first" in me.get(codes(draft)).content.decode()
    make(me, draft)
    assert not ClaimCode.objects.exists()


def test_other_pages_have_no_codes(client, provider):
    client.force_login(editing.superuser())
    assert client.get(codes(provider), follow=True).status_code == 404
    missing = reverse("col_admin_codes", args=[999999])
    assert client.get(missing, follow=True).status_code == 404


def test_a_code_whose_secret_is_gone_is_explained(me, page, settings):
    make(me, page)
    settings.WAGTAIL_COL = settings.WAGTAIL_COL | {"KEYS": ["another-secret-" + "b" * 32]}
    assert "Make a new one" in me.get(codes(page)).content.decode()
    code = ClaimCode.objects.get()
    shown = me.get(reverse("col_admin_code", args=[page.pk, code.key]))
    assert "cannot be shown any more" in shown.content.decode()


def test_queries_do_not_grow_with_codes(me, page, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make(me, page)
    me.get(codes(page))
    with CaptureQueriesContext(connection) as few:
        me.get(codes(page))
    for _number in range(5):
        make(me, page)
    me.get(codes(page))
    with CaptureQueriesContext(connection) as many:
        me.get(codes(page))
    assert len(many) == len(few)
    assert OpportunityPage.objects.count() == 1
