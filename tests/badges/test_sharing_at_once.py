"""Two clicks at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests.badges.build import badge
from tests.factories import UserFactory
from wagtail_col.badges import sharing
from wagtail_col.badges.models import Share

pytestmark = pytest.mark.django_db(transaction=True)

TOGETHER = 8


def test_make_one_link():
    learner = UserFactory()
    one = badge(learner)
    start = Barrier(TOGETHER)

    def click(number: int) -> str:
        try:
            start.wait(30)
            return str(sharing.share(learner, [one], shown_name=f"Ana {number}").key)
        finally:
            connection.close()

    with ThreadPoolExecutor(TOGETHER) as pool:
        keys = set(pool.map(click, range(TOGETHER)))
    assert len(keys) == 1
    assert Share.objects.count() == 1
