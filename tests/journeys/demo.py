"""The example site with the demo's data, running as a newcomer runs it."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from tests import prepared

ROOT = Path(__file__).resolve().parent.parent.parent
MANAGE = [sys.executable, "example_site/manage.py"]

#: What the organisers of a line's stations show: {line's path: {step's title: code}}.
CODES = """
import json
from wagtail_col.learning.claims import text_of
from wagtail_col.learning.models import ClaimCode, Step
codes = {}
for code in ClaimCode.objects.filter(listing__isnull=False).select_related("listing"):
    for step in Step.objects.published().filter(listing=code.listing).select_related("playlist"):
        line = codes.setdefault(step.playlist.text.url, {})
        line[str(code.listing.text.title)] = text_of(code)
print(json.dumps(codes))
"""


@dataclass
class DemoSite:
    """Where the site runs, and what it prints: e-mails go there. ``consent_age``: the country
    whose age of consent holds, empty for a site that asks nobody; ``tiles``: the address of a map
    background, empty without one."""

    url: str
    folder: Path
    log: Path
    consent_age: str = ""
    tiles: str = ""

    @property
    def environment(self) -> dict[str, str]:
        more = {"EXAMPLE_CONSENT_AGE": self.consent_age}
        if self.tiles:
            more["DJANGO_SETTINGS_MODULE"] = "tests.journeys.tiled_settings"
            more["JOURNEY_TILES"] = self.tiles
        return environment(self.folder, self.url) | more

    def codes(self) -> dict[str, dict[str, str]]:
        answer = manage(self.environment, "shell", "--no-imports", "-c", CODES)
        return json.loads(answer.splitlines()[-1])

    def mailed_code(self, address: str) -> str:
        """The log-in code last mailed to an address."""
        for _ in range(100):
            mails = self.log.read_text().split("Content-Type: text/plain")
            for mail in reversed(mails):
                found = re.search(r"^([A-Z0-9]{4,}(?:-[A-Z0-9]{4,})*)\s*$", mail, re.MULTILINE)
                if f"To: {address}" in mail and found:
                    return found[1]
            time.sleep(0.1)
        raise AssertionError(f"no code was mailed to {address}")

    def mailed_link(self, address: str, part: str) -> str:
        """The link with this part in its path that was last mailed to an address."""
        for _ in range(100):
            for mail in reversed(self.log.read_text().split("Content-Type: multipart/alternative")):
                found = re.search(rf"{re.escape(self.url)}(\S*{re.escape(part)}\S*)", mail)
                if f"To: {address}" in mail and found:
                    return found[1]
            time.sleep(0.1)
        raise AssertionError(f"no link was mailed to {address}")

    def mails_to(self, address: str) -> int:
        return self.log.read_text().count(f"To: {address}")


def environment(folder: Path, url: str) -> dict[str, str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DJANGO_", "TEST_DATABASE", "EXAMPLE_", "PYTEST_"))
    }
    return inherited | {
        "EXAMPLE_DATA_DIR": str(folder),
        "EXAMPLE_BASE_URL": url,
        "EXAMPLE_CONSENT_AGE": "",
        "PYTHONUNBUFFERED": "1",
    }


def manage(environment: dict[str, str], *arguments: str) -> str:
    run = subprocess.run(
        [*MANAGE, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def start(folder: Path) -> tuple[DemoSite, subprocess.Popen]:
    """Load the demo's data and serve it on a free port."""
    site = DemoSite(_free_url(), folder, folder / "server.log")
    prepared.set_up_example_site(
        folder, lambda: manage(site.environment, "migrate", "--verbosity", "0")
    )
    manage(site.environment, "load_demo")
    return site, serve(site)


def start_asking(demo: DemoSite, consent_age: str) -> tuple[DemoSite, subprocess.Popen]:
    """Serve the same data once more, as a site that asks learners for their age."""
    site = DemoSite(_free_url(), demo.folder, demo.folder / "asking.log", consent_age)
    return site, serve(site)


def start_tiled(demo: DemoSite, tiles: str) -> tuple[DemoSite, subprocess.Popen]:
    """Serve the same data once more, as a site that offers a map background."""
    site = DemoSite(_free_url(), demo.folder, demo.folder / "tiled.log", tiles=tiles)
    return site, serve(site)


def serve(site: DemoSite) -> subprocess.Popen:
    """The site's server, when it answers."""
    port = site.url.rpartition(":")[2]
    with site.log.open("w") as log:
        server = subprocess.Popen(
            [*MANAGE, "runserver", "--noreload", f"127.0.0.1:{port}"],
            cwd=ROOT,
            env=site.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    for _ in range(200):
        try:
            with urllib.request.urlopen(site.url, timeout=20):
                return server
        except OSError:
            time.sleep(0.2)
    server.kill()
    raise AssertionError("the example site did not start:\n" + site.log.read_text())


def _free_url() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"
