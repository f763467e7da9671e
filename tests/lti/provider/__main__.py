"""``python -m tests.lti.provider [--port N] [--host NAME] [--platform URL] [--keep FILE]``.

Prints ``ready URL`` when it answers. Port 0 takes a free one.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from werkzeug.serving import make_server

from tests.lti.provider.app import create_app
from tests.lti.provider.platforms import Platforms


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.lti.provider")
    parser.add_argument("--port", type=int, default=9001)
    parser.add_argument("--host", default="localhost", help="the name it goes by")
    parser.add_argument("--platform", default="", help="the site to connect, for the first page")
    parser.add_argument("--keep", type=Path, help="a file that remembers keys and platforms")
    parser.add_argument("--quiet", action="store_true", help="no line for each request")
    options = parser.parse_args()
    if options.quiet:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = create_app(Platforms(options.keep), platform=options.platform.rstrip("/"))
    server = make_server("127.0.0.1", options.port, app, threaded=True)
    app.config["URL"] = f"http://{options.host}:{server.server_port}"
    print(f"ready {app.config['URL']}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
