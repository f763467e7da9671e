"""One of the processes of ``test_concurrency``: does what a line of JSON says, at its time.

Reads ``{"at": time, "do": "complete"|"redeem", ...}`` from its input, one a line, waits until
that moment of ``time.time()``, does it, and answers with a line: the refusal's code or "done".
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

from wagtail_col.learning import claims, journey  # noqa: E402
from wagtail_col.learning.models import Evidence, Playlist, Step  # noqa: E402


def run(order: dict) -> str:
    learner = get_user_model().objects.get(pk=order["learner"])
    if order["do"] == "complete":
        step = Step.objects.get(pk=order["step"])
        wait(order["at"])
        journey.complete(learner, step, Evidence.SELF)
    else:
        playlist = Playlist.objects.get(pk=order["playlist"])
        wait(order["at"])
        claims.redeem(learner, order["text"], playlist)
    return "done"


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
        except Exception as error:
            answer = f"{type(error).__name__}: {error}"
        print(answer, flush=True)
