"""Reading pages as somebody at a browser does."""

from urllib.parse import urlencode

from bs4 import BeautifulSoup

from wagtail_col.catalogue.models import Territory


def html(client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, (url, response.status_code)
    return response.content.decode()


def inside(page) -> Territory:
    """The territory that a page has become."""
    return Territory.objects.get(key=page.translation_key)


def sent(said: str, **changes: str) -> str:
    """The query string that a browser sends for the Find form of a page, after some fields were
    changed by hand."""
    pairs = []
    soup = BeautifulSoup(said, "html.parser")
    for field in soup.select("#find :is(input, select), :is(input, select)[form=find]"):
        name, value = field["name"], field.get("value", "")
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.option
            value = chosen.get("value", "")
        elif field.get("type") in ("checkbox", "radio"):
            if name in changes:
                if value != changes[name]:
                    continue
            elif not field.has_attr("checked"):
                continue
        pairs.append((name, changes.get(name, value)))
    return urlencode(pairs)
