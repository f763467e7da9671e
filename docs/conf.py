"""How the documentation is built: Sphinx, Markdown, a theme that loads nothing from elsewhere."""

import tomllib
from pathlib import Path

with (Path(__file__).parent.parent / "pyproject.toml").open("rb") as file:
    release = tomllib.load(file)["project"]["version"]

project = "wagtail_col"
author = "wagtail_col contributors"
copyright = "wagtail_col contributors"  # noqa: A001
version = release

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nitpicky = True

html_theme = "furo"
html_title = f"wagtail_col {release}"
html_copy_source = False
html_show_sphinx = False
