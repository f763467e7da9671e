"""A group's link as large as the screen, and its cards to print and cut out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.translation import gettext as _

from wagtail_col.conf import base_url
from wagtail_col.learning import groups
from wagtail_col.learning.group_mail import link_of, organiser_of
from wagtail_col.pages.admin.codes import picture
from wagtail_col.pages.admin.groups import GroupView, url
from wagtail_col.people.consent_ages import consent_age

#: Cards on one sheet of A4.
ON_A_SHEET = 10


class _PaperView(GroupView):
    def get(self, request, *args: Any, **kwargs: Any):
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        typed = urlsplit(f"{base_url()}{reverse('col_learning:enter_group')}")
        return super().get_context_data(
            group=self.group,
            text=self.group.playlist.text,
            organiser=organiser_of(self.group),
            address=typed.netloc + typed.path,
            back=url("group", self.group.key),
            **kwargs,
        )


class ShowLinkView(_PaperView):
    """For the wall: a picture to scan, letters to type."""

    template_name = "wagtail_col/pages/group_link.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        code = groups.link_code(self.group) if groups.is_open(self.group) else ""
        return super().get_context_data(
            code=code, qr=picture(link_of(code)) if code else "", **kwargs
        )


class CardsView(_PaperView):
    """A card for each name in the list that nobody has used.

    Where the site asks for the age, whoever gets a card may be a child: it has a number in place
    of the name, so that one which is lost names nobody. Whose number it is stands on the screen.
    """

    template_name = "wagtail_col/pages/group_cards.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unused = self.group.members.filter(learner=None, email="").order_by("label", "pk")
        by_number = consent_age() is not None
        cards, whose = [], []
        for member in unused:
            code = groups.card_code(member)
            if not code:
                continue
            label = member.label
            if by_number:
                label = _("Card %(number)s") % {"number": member.pk}
                whose.append((label, member.label))
            cards.append({"label": label, "code": code, "qr": picture(link_of(code))})
        sheets = [cards[at : at + ON_A_SHEET] for at in range(0, len(cards), ON_A_SHEET)]
        return super().get_context_data(pages=sheets, count=len(cards), whose=whose, **kwargs)
