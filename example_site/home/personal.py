"""What the accounts of this site hold about people beside our own tables.

Any app of a site can say it: what is declared here is in the record of processing, in what people
are shown and take along, and erasing holds it to what is said.
"""

from django.utils.translation import gettext_lazy as _

from wagtail_col.personal import ONLY_STAFF, WITH_ACCOUNT, Basis, Holding, Path

_TO_COME_BACK = _("so that somebody can come back to what is theirs")

PERSONAL = (
    Holding(
        model="account.EmailAddress",
        data=_("e-mail addresses of the account, and whether they are confirmed"),
        purpose=_TO_COME_BACK,
        basis=Basis.PUBLIC_TASK,
        seen_by=ONLY_STAFF,
        kept=WITH_ACCOUNT,
        paths=(Path("user"),),
        own=("email",),
    ),
    Holding(
        model="account.EmailConfirmation",
        data=_("that a link to confirm an e-mail address was sent, and when"),
        purpose=_TO_COME_BACK,
        basis=Basis.PUBLIC_TASK,
        seen_by=ONLY_STAFF,
        kept=WITH_ACCOUNT,
        paths=(Path("email_address__user"),),
        withheld=("key",),
    ),
    Holding(
        model="wagtailusers.UserProfile",
        data=_("how somebody wants the editors’ side to be: language, time zone, notices, picture"),
        purpose=_("so that editors can work as they like"),
        basis=Basis.PUBLIC_TASK,
        seen_by=ONLY_STAFF,
        kept=WITH_ACCOUNT,
        paths=(Path("user"),),
    ),
)
