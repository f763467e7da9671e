"""Nobody is written to at an address that may be somebody else's."""

from datetime import timedelta

import pytest
from django.core import mail
from django.http import QueryDict
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from tests.catalogue import making
from tests.factories import UserFactory
from wagtail_col.catalogue.alerts import saving, telling
from wagtail_col.catalogue.models import Alert
from wagtail_col.catalogue.scoping import scoped_query

pytestmark = pytest.mark.django_db


def nobody(user):
    return []


def another(user):
    return ["another@example.org"]


def by(name):
    return override_settings(
        WAGTAIL_COL={"BASE_URL": "http://testserver", "CONFIRMED_EMAILS": f"{__name__}.{name}"}
    )


@pytest.fixture
def learner():
    return UserFactory(email="typed@example.org")


def saved(learner):
    city = making.territory()
    making.interest("music")
    query = scoped_query(QueryDict(f"territory={city.key}&interest=music"))
    saving.save(learner, query, "en")
    making.listing("Guitar", interests=("music",), territory=city)


def later():
    return timezone.now() + timedelta(days=8)


def test_without_a_confirmed_address_no_search_is_saved(learner):
    with by("nobody"), pytest.raises(saving.CannotSave, match="confirmed"):
        saved(learner)
    assert not Alert.objects.exists()


def test_an_address_that_is_no_longer_confirmed_gets_nothing(learner):
    saved(learner)
    with by("nobody"):
        assert telling.tell(learner.pk, later()) is False
    assert not mail.outbox


def test_the_confirmed_address_is_written_to(learner):
    saved(learner)
    with by("another"):
        assert telling.tell(learner.pk, later()) is True
    assert mail.outbox[0].to == ["another@example.org"]


def test_the_pages_of_ones_learning_lead_to_the_saved_searches(client, learner):
    client.force_login(learner)
    assert "/col/alerts/" in client.get(reverse("col_learning:mine")).content.decode()
