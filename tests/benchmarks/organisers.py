"""Ten thousand learners on one playlist: the organiser's table, and the whole of it as CSV."""

from __future__ import annotations

import uuid
from datetime import timedelta

from tests.benchmarks.timing import Row, compare

PEOPLE = 10_000
STEPS = 10
JOBS = ("organiser-table", "organiser-table-csv")


def run(backend: str, only: str) -> list[Row]:
    """Rows of both jobs, or of the one named ``only``. Floors: an address that only asks who is
    there, without the admin's frame that the table has around it; one that answers nothing.

    ``per_second`` of the CSV is rows, not requests.
    """
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    page = _crowd()
    # As a server does by itself some time after so many new rows.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client(headers={"accept-language": "en"})
    client.force_login(_superuser())
    rows = []
    if only in ("", "organiser-table"):
        table = reverse("col_admin_learners", args=[page.pk])
        rows.append(
            compare(
                "organiser-table",
                backend,
                PEOPLE,
                _visit(client, table),
                _visit(client, "/bench-signed-in"),
                rounds=40,
            )
        )
    if only in ("", "organiser-table-csv"):
        file = reverse("col_admin_learners_csv", args=[page.pk])
        row = compare(
            "organiser-table-csv",
            backend,
            PEOPLE,
            _visit(client, file, lines=PEOPLE + 1),
            _visit(client, "/bench-empty"),
            rounds=5,
        )
        rows.append(_by_rows(row))
    return rows


def _visit(client, url: str, lines: int = 0):
    def get():
        response = client.get(url)
        content = b"".join(response.streaming_content) if lines else response.content
        if response.status_code != 200 or (lines and content.count(b"\r\n") != lines):
            raise RuntimeError(f"{url} answered {response.status_code}")
        return content

    return get


def _by_rows(row: Row) -> Row:
    return Row(**{**row.as_dict(), "per_second": round(PEOPLE / row.median_ms * 1000, 1)})


def _superuser():
    from django.contrib.auth import get_user_model

    return get_user_model().objects.create_superuser("bench-organiser", password=None)


def _crowd():
    """The page of a playlist with ten steps; its learners have done none to all of them."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from example_site.home.models import HomePage
    from wagtail_col.learning.models import Completion, Enrolment, Evidence, Playlist
    from wagtail_col.pages.standard.models import PlaylistPage, PlaylistStep

    home = HomePage.objects.filter(locale__language_code="en").first()
    page = PlaylistPage(title="Organiser's bench", slug=f"bench-{uuid.uuid4().hex}", live=False)
    home.add_child(instance=page)
    page.steps = [
        PlaylistStep(
            link=f"https://example.org/{n}", title=f"Step {n}", sort_order=n, locale=page.locale
        )
        for n in range(STEPS)
    ]
    page.save_revision().publish()
    playlist = Playlist.objects.get(key=page.translation_key)
    steps = list(playlist.steps.published())
    users = get_user_model().objects.bulk_create(
        [
            get_user_model()(username=f"organised{n}", first_name="Ana", last_name=f"Kovač {n}")
            for n in range(PEOPLE)
        ],
        batch_size=1000,
    )
    now = timezone.now()
    Enrolment.objects.bulk_create(
        [
            Enrolment(
                learner=user,
                playlist=playlist,
                version=playlist.version,
                completed_at=now if n % (STEPS + 1) == STEPS else None,
                paused_at=now if n % 50 == 1 else None,
            )
            for n, user in enumerate(users)
        ],
        batch_size=1000,
    )
    for n, enrolment in enumerate(some := list(playlist.enrolments.order_by("pk"))):
        enrolment.joined_at = now - timedelta(minutes=n)
    Enrolment.objects.bulk_update(some, ["joined_at"], batch_size=1000)
    Completion.objects.bulk_create(
        [
            Completion(learner=user, step=step, how=Evidence.SELF)
            for n, user in enumerate(users)
            for step in steps[: n % (STEPS + 1)]
        ],
        batch_size=1000,
    )
    return page
