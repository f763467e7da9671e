"""The site in processes of its own, over the tests' database: ``python [-O] -m tests.lti.server``.

Loading Django and Wagtail takes seconds, and the tests want many servers, each without a past. So
this loads everything once and forks: for each line on standard input, a JSON object, one server
that nobody has asked anything yet. It prints ``PID ready URL`` when it answers. When standard
input ends, all of them do. Members of the object:

``url``: what the server says of itself, as several processes behind one address do; without it,
its own address. ``stop_at``: ``"score"`` stops for ever while a score is being kept, inside the
transaction; ``"answer"`` after it, before it is answered. Both print ``PID stopped`` and wait to
be killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.test import override_settings
from django.urls import get_resolver

SCORES = "/scores"


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *args):
        pass


def say(*words: str) -> None:
    # In one write, so that what two processes say does not get mixed up.
    os.write(sys.stdout.fileno(), f"{os.getpid()} {' '.join(words)}\n".encode())


def stop() -> None:
    say("stopped")
    time.sleep(600)


def stop_at_score(**_kwargs) -> None:
    """Connected after everything else: step and badge are there, and nothing is committed."""
    stop()


def stop_at_answer(application):
    def answer(environ, start_response):
        response = application(environ, start_response)
        if environ["PATH_INFO"].endswith(SCORES):
            stop()
        return response

    return answer


def serve(url: str | None, stop_at: str | None) -> None:
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
    server.daemon_threads = True
    own = f"http://127.0.0.1:{server.server_port}"
    override_settings(
        WAGTAIL_COL={
            **settings.WAGTAIL_COL,
            "BASE_URL": url or own,
            "FETCH_PRIVATE_HOSTS": ["127.0.0.1", "localhost"],
        },
        WAGTAILADMIN_BASE_URL=url or own,
    ).enable()
    application = WSGIHandler()
    if stop_at == "score":
        from wagtail_col.lti.signals import score_received

        score_received.connect(stop_at_score)
    elif stop_at == "answer":
        application = stop_at_answer(application)
    server.set_app(application)
    say("ready", own)
    server.serve_forever()


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    # This imports every view.
    get_resolver()._populate()
    # Nobody waits for those who are killed.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    say("ready")
    started = []
    for line in sys.stdin:
        wanted = json.loads(line)
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            serve(wanted.get("url"), wanted.get("stop_at"))
        started.append(pid)
    for pid in started:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    main()
