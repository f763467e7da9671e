"""What this floor holds about people. (see ``wagtail_col.personal``)"""

from django.utils.translation import gettext_lazy as _

from wagtail_col.personal import (
    NOBODY,
    ONLY_STAFF,
    STAFF,
    WITH_ACCOUNT,
    WITH_ITS_THING,
    Basis,
    Erasure,
    Holding,
    Path,
)

_TO_OPEN = _("to open online courses of others and to see how they went")
_TO_PICK = _("to add courses of others to pages")
_BOTH = _("the learner; the course provider, its own")
_CLEANED = "wagtail_col.lti.cleaning.clean"
_THEIR_COPY = _("what the course provider was told before; ask it to delete that too")

PERSONAL = (
    Holding(
        model="col_lti.ToolUser",
        data=_("a pseudonym at each course provider, and whether it may know name and address"),
        purpose=_TO_OPEN,
        basis=Basis.CONSENT,
        seen_by=_("the learner; the course provider, what the learner allowed"),
        kept=WITH_ACCOUNT,
        paths=(Path("user"),),
        remains=_THEIR_COPY,
    ),
    Holding(
        model="col_lti.Membership",
        data=_("in which playlists’ courses somebody takes part"),
        purpose=_TO_OPEN,
        basis=Basis.PUBLIC_TASK,
        seen_by=_BOTH,
        kept=WITH_ACCOUNT,
        paths=(Path("tool_user__user"),),
    ),
    Holding(
        model="col_lti.Result",
        data=_("what a course reported last: progress, score, comment"),
        purpose=_("to show progress and to finish steps"),
        basis=Basis.PUBLIC_TASK,
        seen_by=_BOTH,
        kept=WITH_ACCOUNT,
        paths=(Path("tool_user__user"),),
    ),
    Holding(
        model="col_lti.Score",
        data=_("each report of a course as it came"),
        purpose=_("to show progress and to finish steps"),
        basis=Basis.PUBLIC_TASK,
        seen_by=_BOTH,
        kept=WITH_ACCOUNT,
        paths=(Path("tool_user__user"),),
    ),
    Holding(
        model="col_lti.LaunchTicket",
        data=_("that somebody is on the way to a course"),
        purpose=_TO_OPEN,
        basis=Basis.PUBLIC_TASK,
        seen_by=NOBODY,
        kept=_("one day; what was picked there, 30 days"),
        cleaned_by=_CLEANED,
        paths=(Path("tool_user__user"),),
        withheld=("key", "session"),
    ),
    Holding(
        model="col_lti.DeepLinkReturn",
        data=_("which courses an editor picked and has not added yet"),
        purpose=_TO_PICK,
        basis=Basis.PUBLIC_TASK,
        seen_by=_("the editor"),
        kept=_("one day; what was picked there, 30 days"),
        cleaned_by=_CLEANED,
        paths=(Path("ticket__tool_user__user", who=STAFF),),
        withheld=("key",),
    ),
    Holding(
        model="col_lti.Course",
        data=_("who picked a course"),
        purpose=_TO_PICK,
        basis=Basis.PUBLIC_TASK,
        seen_by=ONLY_STAFF,
        kept=WITH_ITS_THING,
        paths=(
            Path(
                "picked_by",
                who=STAFF,
                erasure=Erasure.ANONYMISE,
                fields=("key", "title", "picked_at"),
            ),
        ),
    ),
    Holding(
        model="col_lti.Tool",
        data=_("who connected a course provider; the provider’s own contacts"),
        purpose=_("to connect course providers"),
        basis=Basis.PUBLIC_TASK,
        seen_by=ONLY_STAFF,
        kept=WITH_ITS_THING,
        paths=(
            Path(
                "created_by",
                who=STAFF,
                erasure=Erasure.ANONYMISE,
                fields=("key", "name", "created_at"),
            ),
        ),
        organisations=("contacts",),
    ),
    Holding(
        model="col_lti.RegistrationInvite",
        data=_("who invited a course provider"),
        purpose=_("to connect course providers"),
        basis=Basis.PUBLIC_TASK,
        seen_by=ONLY_STAFF,
        kept=_("one day after it is over"),
        cleaned_by=_CLEANED,
        paths=(Path("created_by", who=STAFF),),
        withheld=("digest",),
    ),
    Holding(
        model="col_lti.LogEntry",
        data=_("messages of course providers and what came of them; no names, no addresses"),
        purpose=_("to find out why a course does not open"),
        basis=Basis.OBLIGATION,
        seen_by=ONLY_STAFF,
        kept=_("30 days"),
        cleaned_by=_CLEANED,
    ),
)
