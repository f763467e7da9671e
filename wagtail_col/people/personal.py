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
    Holding(
        model="col_people.AgeBand",
        data=_(
            "whether somebody is below the age of consent, and the name shown instead of theirs"
        ),
        purpose=_("to ask guardians where the law wants it; the birthday is never asked for"),
        basis=Basis.OBLIGATION,
        seen_by=ONLY_LEARNER,
        kept=WITH_ACCOUNT,
        paths=(Path("person"),),
    ),
    Holding(
        model="col_people.Guardian",
        data=_("the e-mail address of a parent or guardian"),
        purpose=_("to ask guardians where the law wants it; the birthday is never asked for"),
        basis=Basis.OBLIGATION,
        seen_by=_("the children who named it"),
        kept=_("for as long as a child names it"),
        cleaned_by="wagtail_col.people.guarding.forget",
        paths=(Path("email", who=_("the guardian"), by_email=True),),
        withheld=("key", "secret_hash"),
    ),
    Holding(
        model="col_people.GuardianConsent",
        data=_("what a guardian allows a child"),
        purpose=_("to ask guardians where the law wants it; the birthday is never asked for"),
        basis=Basis.OBLIGATION,
        seen_by=_("the child and the guardian"),
        kept=_("until the account is deleted; 30 days without an answer"),
        cleaned_by="wagtail_col.people.guarding.forget",
        paths=(Path("child"),),
    ),
)
