"""What this floor holds about people, and the account itself. (see ``wagtail_col.personal``)"""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from wagtail_col.personal import ONLY_LEARNER, ONLY_STAFF, WITH_ACCOUNT, Basis, Holding, Path

PERSONAL = (
    Holding(
        model=settings.AUTH_USER_MODEL,
        data=_("the account: name, e-mail address, since when, last log-in"),
        purpose=_("so that somebody can come back to what is theirs"),
        basis=Basis.PUBLIC_TASK,
        seen_by=ONLY_STAFF,
        kept=WITH_ACCOUNT,
        paths=(Path("pk"),),
        withheld=("password",),
    ),
    Holding(
        model="col_people.DataCopy",
        data=_("a copy of all of this that somebody asked for"),
        purpose=_("so that people can take their data along"),
        basis=Basis.OBLIGATION,
        seen_by=ONLY_LEARNER,
        kept=_("7 days"),
        cleaned_by="wagtail_col.people.taking.forget",
        paths=(Path("person"),),
    ),
)
