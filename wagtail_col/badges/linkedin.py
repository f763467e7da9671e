"""The address that opens LinkedIn's own form with a badge filled in.

It is a plain link: nothing is asked of LinkedIn, and it learns nothing, before it is followed.
Source: LinkedIn's help, "Add to Profile".
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.utils import timezone

from wagtail_col.badges.addresses import absolute
from wagtail_col.badges.models import Award, Share

FORM = "https://www.linkedin.com/profile/add"


def add_to_profile(award: Award, share: Share) -> str:
    """The form for ``award``, which leads whoever looks at the profile to the link's page."""
    text = award.achievement.text
    given = timezone.localtime(award.awarded_at)
    fields = {
        "startTask": "CERTIFICATION_NAME",
        "name": text.name if text else "",
        "organizationName": award.issuer.name,
        "issueYear": given.year,
        "issueMonth": given.month,
        "certUrl": absolute("shared", share.key),
        "certId": str(share.key),
    }
    if award.valid_until:
        until = timezone.localtime(award.valid_until)
        fields |= {"expirationYear": until.year, "expirationMonth": until.month}
    return f"{FORM}?{urlencode(fields)}"
