"""The example site with a map background, which its policy allows; JOURNEY_TILES says where."""

import os
from urllib.parse import urlsplit

from example_site.config.settings import *  # noqa: F403
from example_site.config.settings import CONTENT_SECURITY_POLICY, WAGTAIL_COL

_TILES = os.environ["JOURNEY_TILES"]
WAGTAIL_COL["MAP_TILES"] = {"url": _TILES, "attribution": "Tiles of a test", "max_zoom": 19}
_HOST = urlsplit(_TILES)
CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"].append(f"{_HOST.scheme}://{_HOST.netloc}")
