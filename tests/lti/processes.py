"""Processes that the end-to-end tests talk to, and somebody who uses them as a browser does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent


class Process:
    """A started process that has said ``ready URL``."""

    def __init__(self, popen: subprocess.Popen, url: str) -> None:
        self.popen = popen
        self.url = url

    def line(self) -> str:
        """The next line it prints; waits for it."""
        return self.popen.stdout.readline().strip()

    def kill(self) -> None:
        """SIGKILL: nothing is tidied up."""
        self.popen.kill()
        self.popen.wait()


@contextmanager
def server(*arguments: str, optimised: bool = False, url: str | None = None) -> Iterator[Process]:
    """The site in a process of its own (``tests.lti.server``), with ``python -O`` or without.

    ``url``: what it says of itself, when it is one of several processes behind an address.
    """
    python = [sys.executable, *(["-O"] if optimised else [])]
    environment = {**os.environ, "TEST_DATABASE_NAME": str(connection.settings_dict["NAME"])}
    environment.pop("SERVER_URL", None)
    if url:
        environment["SERVER_URL"] = url
    with _started([*python, "-m", "tests.lti.server", *arguments], environment) as process:
        yield process


@contextmanager
def provider(host: str = "localhost") -> Iterator[Process]:
    """The course provider (``tests.lti.provider``) on a free port."""
    command = [sys.executable, "-m", "tests.lti.provider", "--quiet", "--port", "0", "--host", host]
    with _started(command, dict(os.environ)) as process:
        yield process


@contextmanager
def _started(command: list[str], environment: dict[str, str]) -> Iterator[Process]:
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as popen:
        try:
            said = popen.stdout.readline().split()
            if said[:1] != ["ready"]:
                raise RuntimeError(f"{command} said {said}")
            yield Process(popen, said[1])
        finally:
            popen.kill()


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
