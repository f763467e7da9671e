"""What this floor holds about people. (see ``wagtail_col.personal``)"""

from django.utils.translation import gettext_lazy as _

from wagtail_col.personal import (
    NOBODY,
    STAFF,
    WITH_ACCOUNT,
    WITH_ITS_THING,
    Basis,
    Erasure,
    Holding,
    Path,
)

_TO_PROVE = _("to give badges that others can check")
_TO_GIVE = _("to give a badge to people by their address, and to show what came of it")
_SHARED = _("the learner; who has a link, while the learner shares it")

PERSONAL = (
    Holding(
        model="col_badges.Award",
        data=_("badges: what for, when, how it was shown, the address as a salted hash"),
        purpose=_TO_PROVE,
        basis=Basis.PUBLIC_TASK,
        seen_by=_(
            "the learner; who may give that badge, with name and address (below the age of consent "
            "a pseudonym); who has a link, while the learner shares it"
        ),
        kept=WITH_ACCOUNT,
        paths=(
            Path("learner"),
            Path(
                "awarded_by",
                who=STAFF,
                erasure=Erasure.ANONYMISE,
                fields=("key", "achievement", "awarded_at"),
            ),
        ),
        remains=_("which badge it was and when it went, so that the number of those given stays"),
    ),
    Holding(
        model="col_badges.PastEdition",
        data=_("earlier editions of badges that were renewed"),
        purpose=_TO_PROVE,
        basis=Basis.PUBLIC_TASK,
        seen_by=_SHARED,
        kept=WITH_ACCOUNT,
        paths=(Path("award__learner"),),
    ),
    Holding(
        model="col_badges.ImportedBadge",
        data=_("badges from elsewhere that the learner brought"),
        purpose=_("to keep a learner’s badges in one place"),
        basis=Basis.PUBLIC_TASK,
        seen_by=_SHARED,
        kept=WITH_ACCOUNT,
        paths=(Path("learner"),),
    ),
    Holding(
        model="col_badges.Share",
        data=_("links under which badges are shown, and the name to show there"),
        purpose=_("to show badges to whom the learner wants"),
        basis=Basis.CONSENT,
        seen_by=_("who has the link, until it is stopped"),
        kept=WITH_ACCOUNT,
        paths=(Path("learner"),),
    ),
    Holding(
        model="col_badges.Endorsement",
        data=_("who was asked to stand by a badge, by whom, and what they answered"),
        purpose=_("to let employers and schools stand by badges"),
        basis=Basis.CONSENT,
        seen_by=_("who asked; everybody who may see the badge, what was answered"),
        kept=_(
            "for as long as what it belongs to; without an answer 120 days; a no, and the address "
            "of who took it back, one year"
        ),
        cleaned_by="wagtail_col.badges.endorsement_keeping.forget",
        paths=(
            Path("award__learner"),
            Path(
                "asked_by",
                who=_("who asked"),
                erasure=Erasure.ANONYMISE,
                fields=("key", "asked_at", "message", "shown_name", "organisation", "given_at"),
                blanked=("shown_name",),
            ),
            Path(
                "email",
                who=_("who was asked"),
                erasure=Erasure.ANONYMISE,
                fields=("key", "asked_at", "email", "organisation", "person", "website", "comment"),
                by_email=True,
                blanked=("email", "person"),
            ),
        ),
        withheld=("secret_hash",),
        remains=_("what somebody said in the name of an organisation, until they take it back"),
    ),
    Holding(
        model="col_badges.AwardList",
        data=_("who gave a badge to a list of addresses"),
        purpose=_TO_GIVE,
        basis=Basis.PUBLIC_TASK,
        seen_by=_("who may give that badge"),
        kept=_("90 days; 7 days if it was never used"),
        cleaned_by="wagtail_col.badges.award_lists.forget",
        paths=(
            Path(
                "made_by",
                who=STAFF,
                erasure=Erasure.ANONYMISE,
                fields=("key", "achievement", "event", "made_at"),
            ),
        ),
    ),
    Holding(
        model="col_badges.ListedLearner",
        data=_("e-mail addresses on lists of people who get a badge, and what is said of them"),
        purpose=_TO_GIVE,
        basis=Basis.PUBLIC_TASK,
        seen_by=_("who may give that badge"),
        kept=_("90 days; 7 days if it was never used"),
        cleaned_by="wagtail_col.badges.award_lists.forget",
        paths=(Path("email", by_email=True),),
    ),
    Holding(
        model="col_badges.Invitation",
        data=_("e-mail addresses of people for whom a badge waits"),
        purpose=_TO_GIVE,
        basis=Basis.PUBLIC_TASK,
        seen_by=_("who may give that badge"),
        kept=_("the address until the badge is claimed or the invitation withdrawn"),
        paths=(
            Path("email", by_email=True),
            Path(
                "awarded_by",
                who=STAFF,
                erasure=Erasure.ANONYMISE,
                fields=("key", "achievement", "made_at"),
            ),
        ),
        withheld=("secret_hash",),
    ),
    Holding(
        model="col_badges.Erased",
        data=_("keys of badges and links whose learner is gone; random numbers"),
        purpose=_("so that their addresses say that they are gone, and counts stay true"),
        basis=Basis.PUBLIC_TASK,
        seen_by=NOBODY,
        kept=_("for ever"),
    ),
    Holding(
        model="col_badges.RevokedCredential",
        data=_("numbers of badges that were taken back and whose learner is gone"),
        purpose=_("so that who kept a copy sees that it does not hold any more"),
        basis=Basis.PUBLIC_TASK,
        seen_by=_("everybody"),
        kept=_("for ever"),
    ),
    Holding(
        model="col_badges.Issuer",
        data=_("addresses of organisations that give badges or stand by them"),
        purpose=_("so that people can write to who gave a badge"),
        basis=Basis.PUBLIC_TASK,
        seen_by=_("everybody"),
        kept=WITH_ITS_THING,
        organisations=("email",),
    ),
)
