"""What the open data takes and answers, as OpenAPI 3.1 describes it. The tests hold it to that."""

from __future__ import annotations

from typing import Any

from wagtail_col.catalogue.models import Access, Kind
from wagtail_col.catalogue.search.reading import LAST_PAGE, LONGEST_WORDS, OLDEST, TIMES
from wagtail_col.conf import base_url, languages, settings

OPENAPI = "3.1.0"

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_URI: Schema = {"type": "string", "format": "uri"}
_KEY: Schema = {"type": "string", "format": "uuid"}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
_DAY: Schema = {"type": "string", "format": "date"}
_WHOLE: Schema = {"type": "integer", "minimum": 0}


def document() -> Schema:
    """The whole description, in English, as programmers read it."""
    licence = settings.DATA_LICENCE
    info: Schema = {
        "title": "Opportunities to learn, as open data",
        "version": "1",
        "description": (
            "One search, in several forms. Each opportunity says whom to name where it is used "
            "elsewhere (attribution); the licence stands in each form and in the Link header."
        ),
    }
    if licence:
        info["license"] = {"name": licence["name"], "url": licence["url"]}
    return {
        "openapi": OPENAPI,
        "info": info,
        "servers": [{"url": base_url() or "/"}],
        "paths": {
            "/col/opportunities.json": {"get": _search("Json", _PAGED, page=True)},
            "/col/opportunities.csv": {"get": _search("Csv", {"text/csv": {"schema": _TEXT}})},
            "/col/opportunities.geojson": {
                "get": _search("GeoJson", {"application/geo+json": {"schema": _ref("Features")}})
            },
            "/col/opportunities.ics": {
                "get": _search("Calendar", {"text/calendar": {"schema": _TEXT}})
            },
            "/col/opportunities/{key}/calendar.ics": {"get": _calendar()},
            "/col/openapi.json": {"get": _itself()},
        },
        "components": {"schemas": _schemas(), "parameters": _parameters()},
    }


def _ref(name: str, kind: str = "schemas") -> Schema:
    return {"$ref": f"#/components/{kind}/{name}"}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


_PAGED: Schema = {"application/json": {"schema": _ref("Page")}}
_HEADERS: Schema = {
    "ETag": {"schema": _TEXT, "description": "Changes with the data, and each minute."},
    "Cache-Control": {"schema": _TEXT},
}
_REFUSED: Schema = {
    "description": "A parameter makes no sense; the answer says which one.",
    "content": {"application/json": {"schema": _ref("Refusal")}},
}
_UNCHANGED: Schema = {"description": "Nothing has changed since the ETag in If-None-Match."}
_SUMMARIES = {
    "Json": "A search, page by page",
    "Csv": "A whole search, one row an opportunity",
    "GeoJson": "What a search finds at known places (RFC 7946)",
    "Calendar": "The dates to come of what a search finds (RFC 5545)",
}


def _search(form: str, content: Schema, *, page: bool = False) -> Schema:
    names = [name for name in _parameters() if name != "page" or page]
    return {
        "operationId": f"get{form}",
        "summary": _SUMMARIES[form],
        "tags": ["Opportunities"],
        "security": [],
        "parameters": [_ref(name, "parameters") for name in names],
        "responses": {
            "200": {"description": "What was found.", "headers": _HEADERS, "content": content},
            "304": _UNCHANGED,
            "400": _REFUSED,
        },
    }


def _calendar() -> Schema:
    page = {"text/html": {"schema": _TEXT}}
    return {
        "operationId": "getCalendarOfOne",
        "summary": "The dates to come of one opportunity (RFC 5545)",
        "tags": ["Opportunities"],
        "security": [],
        "parameters": [
            {"name": "key", "in": "path", "required": True, "schema": _KEY},
            _ref("lang", "parameters"),
        ],
        "responses": {
            "200": {
                "description": "The calendar.",
                "headers": _HEADERS,
                "content": {"text/calendar": {"schema": _TEXT}},
            },
            "304": _UNCHANGED,
            "404": {"description": "It never was here.", "content": page},
            "410": {"description": "It was withdrawn.", "content": page},
        },
    }


def _itself() -> Schema:
    return {
        "operationId": "getDescription",
        "summary": "This description",
        "tags": ["About"],
        "security": [],
        "responses": {
            "200": {
                "description": "OpenAPI 3.1.",
                "content": {"application/json": {"schema": {"type": "object"}}},
            }
        },
    }


def _parameters() -> Schema:
    """The filters, as ``search.reading`` takes them."""

    def one(name: str, schema: Schema, words: str) -> Schema:
        return {"name": name, "in": "query", "schema": schema, "description": words}

    def several(name: str, schema: Schema, words: str) -> Schema:
        values = {"type": "array", "items": schema, "uniqueItems": True}
        return {**one(name, values, words), "style": "form", "explode": True}

    slug = {"type": "string", "pattern": "^[-a-zA-Z0-9_]{1,80}$"}
    short = {"type": "string", "pattern": "^[0-9a-f]{10}$"}
    rows = [
        one("territory", _KEY, "Within this territory."),
        several(
            "provider",
            {"type": "string", "pattern": "^([0-9a-f]{10}|[0-9a-f-]{32,36})$"},
            "Of this provider, by its whole key; or of any of several, by its first ten digits.",
        ),
        one(
            "q",
            {"type": "string", "maxLength": LONGEST_WORDS},
            "Words; also words and a place, as in: guitar near Vallecas.",
        ),
        several("interest", slug, "Any of these interests, by their short names."),
        several("kind", {"enum": Kind.values}, "Any of these kinds."),
        several("skill", short, "Any of these skills, by their short names."),
        one(
            "when",
            {"enum": ["today", "weekend", "week"]},
            "Today; the next Saturday and Sunday; or today and the six days after.",
        ),
        one("from", _DAY, "From this day on."),
        one("to", _DAY, "Until this day."),
        several("time", {"enum": TIMES}, "Begins at any of these times of day."),
        one("place", {"enum": ["online", "local"]}, "Online, or at a place."),
        one("free", {"enum": ["1"]}, "Free of charge."),
        one("max_price", {**_WHOLE, "maximum": 999_999}, "Costs no more, in any currency."),
        one("age", {**_WHOLE, "maximum": OLDEST}, "For somebody of this age."),
        several(
            "language",
            {"type": "string", "pattern": "^[a-z]{2,3}$"},
            "Held in any of these languages.",
        ),
        several("access", {"enum": Access.values}, "All of these help people to take part."),
        one("district", short, "The first ten digits of the key of a territory inside."),
        one("near", _TEXT, "The name of a place to look around."),
        one("at", _TEXT, "Instead of near, in degrees: latitude,longitude."),
        one(
            "within",
            {"type": "integer", "minimum": 1, "maximum": 500},
            "Kilometres around that place; 10 goes without saying.",
        ),
        one("box", _TEXT, "Within these degrees: west,south,east,north."),
        one("sort", {"enum": ["relevance", "date", "distance"]}, "What comes first."),
        one("page", {"type": "integer", "minimum": 1, "maximum": LAST_PAGE}, "Which page."),
        one("lang", {"enum": list(languages())}, "The language of texts, or the nearest."),
    ]
    return {row["name"]: row for row in rows}


def _object(properties: Schema) -> Schema:
    """An object with these and no other properties, none of them missing."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _schemas() -> Schema:
    place = {"venue": _or_null(_TEXT), "address": _or_null(_TEXT)}
    degrees = {
        "lon": _or_null({"type": "number", "minimum": -180, "maximum": 180}),
        "lat": _or_null({"type": "number", "minimum": -90, "maximum": 90}),
    }
    said = _opportunity()
    pair = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
    point = _object({"type": {"const": "Point"}, "coordinates": pair})
    feature = {
        "type": {"const": "Feature"},
        "id": _TEXT,
        "geometry": point,
        "properties": _object({**said, "place": _object(place)}),
    }
    return {
        "Licence": _object({"name": _TEXT, "url": _URI}),
        "Refusal": _object({"parameter": _TEXT, "detail": _TEXT}),
        "Named": _object({"key": _KEY, "name": _TEXT}),
        "Skill": _object({"uri": _TEXT, "name": _TEXT}),
        "Date": _object({"starts_at": _MOMENT, "ends_at": _MOMENT, "all_day": _FLAG}),
        "Place": _object(place | degrees),
        "Opportunity": _object(said),
        "Page": _object(
            {
                "count": _WHOLE,
                "page": {"type": "integer", "minimum": 1},
                "pages": {"type": "integer", "minimum": 1},
                "next": _or_null(_URI),
                "previous": _or_null(_URI),
                "licence": _or_null(_ref("Licence")),
                "opportunities": {"type": "array", "items": _ref("Opportunity")},
            }
        ),
        "Features": _object(
            {
                "type": {"const": "FeatureCollection"},
                "licence": _or_null(_ref("Licence")),
                "features": {"type": "array", "items": _object(feature)},
            }
        ),
    }


def _opportunity() -> Schema:
    """One opportunity as ``api.as_data`` writes it."""
    words = {"type": "array", "items": _TEXT}
    years = _or_null(_WHOLE)
    return {
        "key": _KEY,
        "uri": _TEXT,
        "url": _TEXT,
        "source_url": _or_null(_TEXT),
        "attribution": {**_or_null(_TEXT), "description": "Whom to name."},
        "modified": _MOMENT,
        "kind": {"enum": Kind.values},
        "language": _or_null(_TEXT),
        "title": _or_null(_TEXT),
        "summary": _or_null(_TEXT),
        "interests": words,
        "skills": {"type": "array", "items": _ref("Skill")},
        "dates": {"type": "array", "items": _ref("Date"), "description": "What lies ahead."},
        "is_online": _FLAG,
        "is_local": _FLAG,
        "place": _or_null(_ref("Place")),
        "territory": _or_null(_ref("Named")),
        "provider": _or_null(_ref("Named")),
        "is_free": {**_or_null(_FLAG), "description": "null: not known."},
        "price": _or_null({"type": "string", "pattern": r"^\d+(\.\d+)?$"}),
        "currency": _TEXT,
        "age_min": years,
        "age_max": years,
        "delivery_languages": words,
        "accessibility": {"type": "array", "items": {"enum": Access.values}},
        "minutes": years,
        "image": _or_null(_TEXT),
    }
