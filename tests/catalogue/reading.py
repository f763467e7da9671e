"""Reading pages as somebody at a browser does."""

from wagtail_col.catalogue.models import Territory


def html(client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, (url, response.status_code)
    return response.content.decode()


def inside(page) -> Territory:
    """The territory that a page has become."""
    return Territory.objects.get(key=page.translation_key)
