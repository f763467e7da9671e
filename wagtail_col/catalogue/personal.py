"""What this floor holds about people. (see ``wagtail_col.personal``)"""

from django.utils.translation import gettext_lazy as _

from wagtail_col.personal import WITH_ITS_THING, Basis, Holding

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
)
