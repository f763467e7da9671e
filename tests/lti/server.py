"""The site in a process of its own, over the tests' database: ``python [-O] -m tests.lti.server``.

Prints ``ready URL`` when it answers. SERVER_URL in the environment makes it say another address
than its own, as several processes behind one address do. ``--stop-at score`` stops for ever while
a score is being kept, inside the transaction; ``--stop-at answer`` after it, before it is
answered; both print ``stopped`` and wait to be killed.
"""

from __future__ import annotations

import argparse
import os
import time

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

SCORES = "/scores"


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *args):
        pass


def stop() -> None:
    print("stopped", flush=True)
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


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--stop-at", choices=["score", "answer"])
    options = parser.parse_args()
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
    server.daemon_threads = True
    url = f"http://127.0.0.1:{server.server_port}"
    os.environ.setdefault("SERVER_URL", url)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.lti.server_settings"

    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    if options.stop_at == "score":
        from wagtail_col.lti.signals import score_received

        score_received.connect(stop_at_score)
    elif options.stop_at == "answer":
        application = stop_at_answer(application)
    server.set_app(application)
    print(f"ready {url}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
