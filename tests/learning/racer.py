"""One of the processes of ``racing``: does what a line of JSON says, at its time.

Reads ``{"at": time, "do": ..., "learner": ..., ...}`` from its input, one a line, waits until that
moment of ``time.time()``, does it (``do_...``), and answers with a line: the refusal's code, or
"done".
"""

import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.utils import translation  # noqa: E402

from wagtail_col.badges.models import Achievement  # noqa: E402
from wagtail_col.learning import (  # noqa: E402
    claims,
    code_sheets,
    journey,
    reviewing,
    submissions,
    tries,
)
from wagtail_col.learning.models import (  # noqa: E402
    CodeSheet,
    Evidence,
    Playlist,
    Step,
    Submission,
)


def run(order: dict) -> str:
    learner = get_user_model().objects.get(pk=order["learner"])
    return globals()[f"do_{order['do']}"](learner, order) or "done"


def do_complete(learner, order: dict) -> None:
    step = Step.objects.get(pk=order["step"])
    wait(order["at"])
    journey.complete(learner, step, Evidence.SELF)


def do_redeem(learner, order: dict) -> None:
    playlist = Playlist.objects.get(pk=order["playlist"]) if "playlist" in order else None
    wait(order["at"])
    claims.redeem(learner, order["text"], playlist)


def do_withdraw_cards(learner, order: dict) -> str:
    sheet = CodeSheet.objects.get(pk=order["sheet"])
    wait(order["at"])
    return str(code_sheets.withdraw_unused(sheet))


def do_send_in(learner, order: dict) -> None:
    achievement = Achievement.objects.get(pk=order["achievement"])
    wait(order["at"])
    submissions.send_in(learner, achievement, text="I did it.", confirms=True)


def do_decide(learner, order: dict) -> None:
    submission = Submission.objects.select_related("achievement").get(pk=order["submission"])
    wait(order["at"])
    reviewing.decide(submission, learner, accepts=order["accepts"], reason="Because.")


def do_take_back(learner, order: dict) -> None:
    submission = Submission.objects.get(pk=order["submission"])
    wait(order["at"])
    submissions.take_back(submission, learner)


def wait(moment: float) -> None:
    while time.time() < moment:
        pass


if __name__ == "__main__":
    translation.activate("en")
    print("ready", flush=True)
    for line in sys.stdin:
        try:
            answer = run(json.loads(line))
        except journey.Refused as refusal:
            answer = refusal.code
        except tries.TooMany:
            answer = "too-many"
        except Exception as error:
            answer = f"{type(error).__name__}: {error}"
        print(answer, flush=True)
