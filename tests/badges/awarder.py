"""What the processes of ``test_concurrency`` do: each gives badges in its way, five times at once.

An order is the way and numbers of rows; the answer, how many of the five came through, and then
what went wrong.
"""

import os
import signal
import threading
from collections.abc import Callable
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


def hand(achievement: int, learner: int) -> None:
    award(Achievement.objects.get(pk=achievement), user(learner), because=BECAUSE, language="en")


def rule(step: int, learner: int) -> None:
    journey.complete(user(learner), Step.objects.get(pk=step), Evidence.SELF)


def code(text: str, learner: int) -> None:
    claims.redeem(user(learner), text)


def list_(number: int) -> None:
    award_lists.give_all(number)


def claim(number: int, learner: int) -> None:
    with suppress(inviting.NotClaimable):
        inviting.claim(Invitation.objects.get(pk=number), user(learner))


def again(number: int) -> None:
    renew(Award.objects.get(pk=number))


def back(number: int) -> None:
    revoke(Award.objects.get(pk=number), "x")


def user(number: int):
    return get_user_model().objects.get(pk=number)


WAYS = {
    "hand": hand,
    "rule": rule,
    "code": code,
    "list": list_,
    "claim": claim,
    "again": again,
    "back": back,
}


def main(order: list, wait: Callable) -> str:
    way, *rows = order
    if way == "killed":
        return killed(wait, *rows)
    if way == "each":
        # A badge for each thread.
        learner, *achievements = rows
        jobs = [("hand", (one, learner)) for one in achievements]
    else:
        jobs = [(way, rows)] * TIMES
    barrier = threading.Barrier(len(jobs) + 1)
    wrong = []

    def run(way: str, rows: list) -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            barrier.wait()
            WAYS[way](*rows)
        except Exception as error:
            wrong.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    barrier.wait(60)
    wait()
    barrier.wait(60)
    for thread in threads:
        thread.join()
    return " ".join([str(len(jobs) - len(wrong)), *wrong])


def killed(wait: Callable, number: int) -> str:
    """Gives a list in steps of ten lines, and is killed in the middle of the third."""
    real, steps = inviting.invite_many, []

    def die_in_the_third_step(*args: object, **kwargs: object) -> dict:
        made = real(*args, **kwargs)
        steps.append(len(made))
        if len(steps) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return made

    inviting.invite_many = die_in_the_third_step
    wait()
    while award_lists.give_some(number, 10):
        pass
    return "came through"
