"""What these pages hold about people. (see ``wagtail_col.personal``)"""

from django.utils.translation import gettext_lazy as _

from wagtail_col.personal import (
    ONLY_STAFF,
    STAFF,
    WITH_ITS_THING,
    Basis,
    Erasure,
    Holding,
    Path,
)


def _page(model: str, organisations: tuple[str, ...] = ()) -> Holding:
    return Holding(
        model=f"col_pages_standard.{model}",
        data=_("who wrote a page, and who keeps it locked"),
        purpose=_("so that editors can work together"),
        basis=Basis.PUBLIC_TASK,
        seen_by=ONLY_STAFF,
        kept=WITH_ITS_THING,
        paths=tuple(
            Path(
                name,
                who=STAFF,
                erasure=Erasure.ANONYMISE,
                fields=("title", "first_published_at"),
            )
            for name in ("owner", "locked_by")
        ),
        organisations=organisations,
    )


PERSONAL = (
    _page("TerritoryPage"),
    _page("ProviderPage", ("email",)),
    _page("OpportunityPage"),
    _page("PlaylistPage"),
)
