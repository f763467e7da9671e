"""Processes that the end-to-end tests talk to, and somebody who uses them as a browser does."""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Server:
    """One server: a process that answers at ``url``."""

    pid: int
    url: str
    _site: _Site

    def stopped(self) -> None:
        """Waits until it has stopped where it was told to (``stop_at``)."""
        said = self._site.heard(self.pid)
        if said != ["stopped"]:
            raise RuntimeError(f"It was to stop, and said {said}.")

    def kill(self) -> None:
        """SIGKILL: nothing is tidied up. Comes back when it is gone."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
            while True:
                os.kill(self.pid, 0)
                time.sleep(0.001)


class _Site:
    """A process that has loaded everything and forks servers (``tests.lti.server``)."""

    def __init__(self, *, optimised: bool) -> None:
        python = [sys.executable, *(["-O"] if optimised else [])]
        environment = {**os.environ, "TEST_DATABASE_NAME": str(connection.settings_dict["NAME"])}
        self._popen = _start(
            [*python, "-m", "tests.lti.server"], environment, stdin=subprocess.PIPE
        )
        atexit.register(self._popen.kill)
        _pid, *said = self._listen()
        if said != ["ready"]:
            raise RuntimeError(f"The site said {said} instead of starting.")

    def fork(self, **wanted: str | None) -> Server:
        self._popen.stdin.write(json.dumps(wanted) + "\n")
        self._popen.stdin.flush()
        pid, *said = self._listen()
        if said[:1] != ["ready"]:
            raise RuntimeError(f"A server said {said} instead of starting.")
        return Server(int(pid), said[1], self)

    def heard(self, pid: int) -> list[str]:
        """What this server says next; waits for it."""
        who, *said = self._listen()
        if who != str(pid):
            raise RuntimeError(f"Another server, {who}, said {said}.")
        return said

    def _listen(self) -> list[str]:
        return self._popen.stdout.readline().split() or ["", "nothing"]


@cache
def _site(optimised: bool) -> _Site:
    """Once in a run: it is expensive to load, and forgets nothing because it is asked nothing."""
    return _Site(optimised=optimised)


@contextmanager
def server(
    *, optimised: bool = False, url: str | None = None, stop_at: str | None = None
) -> Iterator[Server]:
    """The site in a process of its own, with ``python -O`` or without. Nobody has been there yet.

    ``url``: what it says of itself, when it is one of several processes behind an address.
    ``stop_at``: ``"score"`` or ``"answer"`` (``tests.lti.server``).
    """
    running = _site(optimised).fork(url=url, stop_at=stop_at)
    try:
        yield running
    finally:
        running.kill()


@contextmanager
def provider(host: str = "localhost") -> Iterator[str]:
    """The URL of the course provider (``tests.lti.provider``) on a free port."""
    command = [sys.executable, "-m", "tests.lti.provider", "--quiet", "--port", "0", "--host", host]
    with _start(command, dict(os.environ)) as popen:
        try:
            said = popen.stdout.readline().split()
            if said[:1] != ["ready"]:
                raise RuntimeError(f"The course provider said {said} instead of starting.")
            yield said[1]
        finally:
            popen.kill()


def _start(command: list[str], environment: dict[str, str], **kwargs) -> subprocess.Popen:
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, **kwargs
    )


class Browser:
    """Follows links and sends forms, also those that send themselves. Keeps cookies, no script."""

    def __init__(self) -> None:
        self.session = requests.Session()
        self.response: requests.Response | None = None

    @property
    def page(self) -> BeautifulSoup:
        return BeautifulSoup(self.response.text, "html.parser")

    @property
    def url(self) -> str:
        return self.response.url

    @property
    def text(self) -> str:
        return " ".join(self.page.get_text(" ").split())

    def open(self, url: str, **kwargs) -> requests.Response:
        return self._show(self.session.get(url, timeout=30, **kwargs))

    def ask(self, url: str, data: dict | None = None) -> object:
        """JSON from the course provider, whose page would say the same; by POST with ``data``."""
        headers = {"Accept": "application/json"}
        method = "GET" if data is None else "POST"
        response = self.session.request(method, url, data=data, headers=headers, timeout=30)
        if not response.ok:
            raise RuntimeError(f"{url} answered {response.status_code}: {response.text}")
        return response.json()

    def send(self, form, **values) -> requests.Response:
        """Send a form (an element) with these values; a list sends a name several times."""
        data: dict[str, object] = {}
        for field in form.select("input[name]"):
            if field.get("type") not in ("checkbox", "radio", "submit"):
                data[field["name"]] = field.get("value", "")
            elif field.has_attr("checked"):
                data[field["name"]] = field.get("value", "on")
        data |= {field["name"]: field.text for field in form.select("textarea[name]")}
        for field in form.select("select[name]"):
            chosen = field.select_one("option[selected]") or field.select_one("option")
            if chosen:
                data[field["name"]] = chosen.get("value", chosen.text)
        data |= values
        url = urljoin(self.url, form.get("action") or self.url)
        headers = {"Referer": self.url}
        if form.get("method", "get").lower() == "get":
            return self._show(self.session.get(url, params=data, headers=headers, timeout=30))
        return self._show(self.session.post(url, data=data, headers=headers, timeout=30))

    def follow(self, text: str) -> requests.Response:
        """Follow the one link with this text."""
        found = [link for link in self.page.select("a[href]") if text in link.get_text(" ")]
        if len(found) != 1:
            raise LookupError(f"{len(found)} links {text!r} on {self.url}: {self.text[:500]}")
        return self.open(urljoin(self.url, found[0]["href"]))

    def form(self, selector: str = "main form"):
        """The one form that this selector finds."""
        found = self.page.select(selector)
        if len(found) != 1:
            raise LookupError(f"{len(found)} forms {selector!r} on {self.url}: {self.text[:500]}")
        return found[0]

    def _show(self, response: requests.Response) -> requests.Response:
        self.response = response
        for _hop in range(5):
            following = self._follows_by_itself()
            if following is None:
                break
            self.response = following
        return self.response

    def _follows_by_itself(self) -> requests.Response | None:
        """What a browser asks for next without anybody doing anything."""
        if "html" not in self.response.headers.get("Content-Type", ""):
            return None
        page = self.page
        token = page.select_one("form input[name=id_token], form input[name=JWT]")
        if token is not None:
            form = token.find_parent("form")
            data = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
            return self.session.post(urljoin(self.url, form["action"]), data=data, timeout=30)
        refresh = page.select_one("meta[http-equiv=refresh]")
        if refresh is not None and "url=" in refresh["content"].lower():
            url = refresh["content"].split("=", 1)[1].strip("'\" ")
            return self.session.get(urljoin(self.url, url), timeout=30)
        return None
