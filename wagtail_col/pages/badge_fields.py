"""The badge in the forms of playlists and opportunities: whose badge may be promised there."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wagtail_col.badges.models import Achievement
from wagtail_col.badges.permissions import may_award


class BadgeOfPageMixin:
    """A page promises a badge, and its issuer signs it: so an issuer with a team of its own has to
    be asked, and its team or the site's editors put its badge on a page."""

    def clean_achievement(self) -> Achievement | None:
        chosen = self.cleaned_data["achievement"]
        if chosen is None or chosen.pk == self.initial.get("achievement") or not self.for_user:
            return chosen
        if chosen.issuer_id and chosen.issuer.team_id and not may_award(self.for_user, chosen):
            raise ValidationError(
                _("This badge is given by “%(issuer)s”. Ask its team to put it here."),
                code="not-yours",
                params={"issuer": chosen.issuer.name},
            )
        return chosen
