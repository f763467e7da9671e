"""Another organisation's website on loopback: what an ``Academy`` publishes, over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.badges.elsewhere import Academy, as_bytes


@contextmanager
def academy_on_loopback(name: str = "localhost") -> Iterator[Academy]:
    """An academy whose identifier is an address at ``name``, another host than the site's."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    host = f"{name}:{server.server_address[1]}"
    academy = Academy(host, issuer=f"http://{host}/issuer", scheme="http")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = academy.pages.get(f"http://{host}{self.path}")
            body = b"" if page is None else as_bytes(page)
            self.send_response(404 if page is None else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server.RequestHandlerClass = Handler
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield academy
    finally:
        server.shutdown()
        server.server_close()
