"""The slug in the forms of our pages: a title is enough."""

from __future__ import annotations

from typing import Any


class SlugOfPageMixin:
    """The browser writes the slug from the title while somebody types. Where it has not (without
    JavaScript, or saved too soon), the page makes it from its title as it is saved."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        return self.cleaned_data["slug"] or self.instance.slug
