"""The tutorial's own lines, in a fresh project, from an empty database to a verified badge."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TUTORIAL = (ROOT / "docs/tutorial/first-node.md").read_text()
BLOCKS = dict(re.findall(r"<!-- (.+?) -->\n *```[a-z]+\n(.*?)\n *```", TUTORIAL, re.DOTALL))
MOST_LINES = 15


def lines(name):
    return [line for line in BLOCKS[name].splitlines() if line.strip()]


def indented(name):
    return "".join(f"    {line}\n" for line in lines(name))


def replace_once(path, old, new):
    text = path.read_text()
    assert text.count(old) == 1, f"{old!r} is not in {path.name} once"
    path.write_text(text.replace(old, new))


def run(arguments, folder, **more):
    kept = ("PYTEST_", "DJANGO_", "TEST_DATABASE", "COV_")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(kept)}
    environment["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(
        arguments, cwd=folder, env=environment, capture_output=True, text=True, timeout=600, **more
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def city(tmp_path):
    """A new Wagtail project with the tutorial's lines in it, and nothing else."""
    run([sys.executable, "-m", "wagtail.bin.wagtail", "start", "city"], tmp_path)
    project = tmp_path / "city"
    settings, urls = project / "city/settings/base.py", project / "city/urls.py"
    replace_once(
        settings, "INSTALLED_APPS = [\n", "INSTALLED_APPS = [\n" + indented("add to INSTALLED_APPS")
    )
    settings.write_text(settings.read_text() + BLOCKS["add to city/settings/base.py"] + "\n")
    replace_once(urls, "urlpatterns = [\n", "urlpatterns = [\n" + indented("add to urlpatterns"))
    command = BLOCKS["run in the project"].strip().removeprefix("python ")
    run(f"{sys.executable} {command}", project, shell=True)
    return project


def test_there_are_at_most_fifteen_lines_and_the_text_counts_them_right():
    count = sum(len(lines(name)) for name in BLOCKS if name.startswith("add to "))
    assert count <= MOST_LINES
    assert f"**{count} lines** of settings" in TUTORIAL
    assert f"## Add {count} lines" in TUTORIAL


def test_a_new_project_becomes_a_node(city):
    (city / "boundary.json").write_text(BLOCKS["boundary"])
    (city / "walk.py").write_text((ROOT / "tests/tutorial_walk.py").read_text())
    said = run([sys.executable, "walk.py"], city)
    assert said.splitlines()[-1] == "verified"
