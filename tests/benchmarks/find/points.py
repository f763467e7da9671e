"""A page that gets all points at once and clusters them itself, as many map plug-ins do."""

from __future__ import annotations

import gzip
import json
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>All points</title>
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="{leaflet}.css"><script src="{leaflet}.js"></script></head>
<body><div id="map"></div><script src="/bench-all-points.js"></script></body></html>"""

SCRIPT = """
const holder = document.getElementById("map");
holder.style.height = "400px";
const map = L.map(holder).fitBounds([[35, -11], [61, 31]], { animate: false });
fetch("/bench-points.json").then((answer) => answer.json()).then((points) => {
  const zoom = map.getZoom(), shown = map.getBounds(), cells = new Map();
  for (const [lon, lat] of points) {
    if (!shown.contains([lat, lon])) continue;
    const { x, y } = map.project([lat, lon], zoom);
    const key = `${x >> 6} ${y >> 6}`;
    const cell = cells.get(key) ?? { x: 0, y: 0, count: 0 };
    cell.x += x;
    cell.y += y;
    cell.count += 1;
    cells.set(key, cell);
  }
  for (const { x, y, count } of cells.values()) {
    const place = map.unproject([x / count, y / count], zoom);
    const icon = L.divIcon({ className: "col-cluster", iconSize: [44, 44], html: `${count}` });
    L.marker(place, { icon }).addTo(map);
  }
});
"""


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.format(leaflet=static("js_lib_leaflet/leaflet")))


def script(request: HttpRequest) -> HttpResponse:
    return HttpResponse(SCRIPT, content_type="text/javascript")


def points(request: HttpRequest) -> HttpResponse:
    headers = {"Content-Encoding": "gzip"}
    return HttpResponse(_packed(), content_type="application/json", headers=headers)


@cache
def _packed() -> bytes:
    """Kept packed, so that only sending, reading and putting together is timed."""
    from wagtail_col.catalogue.models import Listing

    found = Listing.objects.published().filter(map_point__isnull=False, is_free=True)
    places = [[round(lon, 5), round(lat, 5)] for lon, lat in found.values_list("lon", "lat")]
    return gzip.compress(json.dumps(places, separators=(",", ":")).encode(), 6)
