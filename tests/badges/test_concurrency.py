"""Forty at once, in eight processes, give one learner the same badge in the real database."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from tests.factories import AchievementFactory, UserFactory
from wagtail_col.badges.models import Award, SigningKey
from wagtail_col.badges.verifying import verify_text

PROCESSES = 8
TIMES_EACH = 5

SCRIPT = """
import sys, threading
import django
django.setup()
from django.db import connection
from django.contrib.auth import get_user_model
from tests.badges.build import BECAUSE
from wagtail_col.badges.awarding import award
from wagtail_col.badges.models import Achievement
achievement = Achievement.objects.get(pk=sys.argv[1])
learner = get_user_model().objects.get(pk=sys.argv[2])
times = int(sys.argv[3])
barrier, new = threading.Barrier(times), []
def give():
    try:
        barrier.wait()
        new.append(award(achievement, learner, because=BECAUSE, language="en")[1])
    finally:
        connection.close()
print("ready", flush=True)
sys.stdin.readline()
threads = [threading.Thread(target=give) for _ in range(times)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(new), sum(new))
"""


@pytest.mark.django_db(transaction=True)
def test_forty_at_once_give_one_badge():
    achievement, learner = AchievementFactory(), UserFactory()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TEST_DATABASE_NAME": str(connection.settings_dict["NAME"]).rpartition("/")[2],
    }
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(achievement.pk), str(learner.pk), str(TIMES_EACH)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for _ in range(PROCESSES)
    ]
    assert [process.stdout.readline().strip() for process in running] == ["ready"] * PROCESSES
    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=120)[0].split() for process in running]
    assert [int(asked) for asked, _new in answers] == [TIMES_EACH] * PROCESSES
    assert sum(int(new) for _asked, new in answers) == 1
    assert SigningKey.objects.count() == 1
    assert verify_text(Award.objects.get().credential).ok
