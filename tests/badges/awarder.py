"""One of the processes of ``test_concurrency``: gives the badge in its way, five times at once.

Its arguments are the way and numbers of rows. It prints "ready", waits for a line, begins with
all threads at the same moment, and prints how many of them came through, then what went wrong.
"""

import os
import sys
import threading
from contextlib import suppress

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.db import connection  # noqa: E402

from tests.badges.build import BECAUSE  # noqa: E402
from wagtail_col.badges import award_lists, inviting  # noqa: E402
from wagtail_col.badges.awarding import award, renew, revoke  # noqa: E402
from wagtail_col.badges.models import Achievement, Award, Invitation  # noqa: E402
from wagtail_col.learning import claims, journey  # noqa: E402
from wagtail_col.learning.models import Evidence, Step  # noqa: E402

TIMES = 5


def hand(achievement: str, learner: str) -> None:
    award(Achievement.objects.get(pk=achievement), user(learner), because=BECAUSE, language="en")


def rule(step: str, learner: str) -> None:
    journey.complete(user(learner), Step.objects.get(pk=step), Evidence.SELF)


def code(text: str, learner: str) -> None:
    claims.redeem(user(learner), text)


def list_(number: str) -> None:
    award_lists.give_all(int(number))


def claim(number: str, learner: str) -> None:
    with suppress(inviting.NotClaimable):
        inviting.claim(Invitation.objects.get(pk=number), user(learner))


def again(number: str) -> None:
    renew(Award.objects.get(pk=number))


def back(number: str) -> None:
    revoke(Award.objects.get(pk=number), "x")


def user(number: str):
    return get_user_model().objects.get(pk=number)


def main(way: str, *rows: str) -> None:
    ways = {
        "hand": hand,
        "rule": rule,
        "code": code,
        "list": list_,
        "claim": claim,
        "again": again,
        "back": back,
    }
    barrier = threading.Barrier(TIMES)
    wrong = []

    def run() -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            ways[way](*rows)
        except Exception as error:
            wrong.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    print("ready", flush=True)
    sys.stdin.readline()
    threads = [threading.Thread(target=run) for _time in range(TIMES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(TIMES - len(wrong), *wrong)


if __name__ == "__main__":
    main(*sys.argv[1:])
