"""What this floor holds about people. (see ``wagtail_col.personal``)"""

from django.utils.translation import gettext_lazy as _

from wagtail_col.personal import ONLY_LEARNER, WITH_ITS_THING, Basis, Holding, Path

PERSONAL = (
    Holding(
        model="col_catalogue.Provider",
        data=_("public e-mail addresses of organisations that offer learning"),
        purpose=_("so that people can ask who offers something"),
        basis=Basis.PUBLIC_TASK,
        seen_by=_("everybody"),
        kept=WITH_ITS_THING,
        organisations=("email",),
    ),
    Holding(
        model="col_catalogue.Alert",
        data=_("searches a learner saved, and what they were told of"),
        purpose=_("to tell learners what is new in searches they saved"),
        basis=Basis.CONSENT,
        seen_by=ONLY_LEARNER,
        kept=_("until the learner stops it or the account is deleted"),
        paths=(Path("learner", fields=("key", "search", "language", "made_at", "told_at")),),
    ),
)
