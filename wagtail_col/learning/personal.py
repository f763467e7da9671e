"""What this floor holds about people. (see ``wagtail_col.personal``)"""

from django.utils.translation import gettext_lazy as _

from wagtail_col.personal import (
    NOBODY,
    ONLY_LEARNER,
    ONLY_STAFF,
    STAFF,
    WITH_ACCOUNT,
    WITH_ITS_THING,
    Basis,
    Erasure,
    Holding,
    Path,
)

_TO_SHOW = _("to show progress and to give badges")
_WHO_RUNS_IT = _(
    "the learner; who may edit the playlist’s page, without the name if the learner hides it, and "
    "with a pseudonym below the age of consent"
)
_TO_REVIEW = _("so that somebody can see that a badge was earned")
_WHO_TOOK_IT = _("who has said that they look at it")
_REVIEWERS = _(
    "the learner; the organiser; for badges that learners review, others who have the badge, "
    "without a name"
)

PERSONAL = (
    Holding(
        model="col_learning.Enrolment",
        data=_(
            "which playlists somebody is on, since when, whether paused, and when they finished"
        ),
        purpose=_TO_SHOW,
        basis=Basis.PUBLIC_TASK,
        seen_by=_WHO_RUNS_IT,
        kept=_("until the learner leaves the playlist or the account is deleted"),
        paths=(Path("learner"),),
        remains=_("how many were on the playlist and finished it, as two numbers"),
    ),
    Holding(
        model="col_learning.Completion",
        data=_("which steps somebody did, when, and how it was shown"),
        purpose=_TO_SHOW,
        basis=Basis.PUBLIC_TASK,
        seen_by=_WHO_RUNS_IT,
        kept=WITH_ACCOUNT,
        paths=(Path("learner"),),
    ),
    Holding(
        model="col_learning.TakenOver",
        data=_("digests of random texts of devices: what they kept is in an account"),
        purpose=_("so that what was done on a device counts in one account"),
        basis=Basis.PUBLIC_TASK,
        seen_by=NOBODY,
        kept=_("one year"),
        cleaned_by="wagtail_col.learning.device.clean",
    ),
    Holding(
        model="col_learning.CarriedProgress",
        data=_("which steps were done on a device, without a name, under the hash of a code"),
        purpose=_("to go on with another device"),
        basis=Basis.PUBLIC_TASK,
        seen_by=NOBODY,
        kept=_("half an hour, or until the code is used"),
        cleaned_by="wagtail_col.learning.device.clean",
        withheld=("code_hash",),
    ),
    Holding(
        model="col_learning.Waiver",
        data=_("what somebody asked an organiser about a step, and the answer"),
        purpose=_("so that nobody is stuck on a line"),
        basis=Basis.PUBLIC_TASK,
        seen_by=_("the learner; who may edit the step’s opportunity or the playlist"),
        kept=WITH_ACCOUNT,
        paths=(
            Path("learner"),
            Path(
                "decided_by",
                who=_("who answered"),
                erasure=Erasure.ANONYMISE,
                fields=("key", "step", "decided_at", "state", "reason"),
            ),
            Path(
                "taken_by",
                who=_WHO_TOOK_IT,
                erasure=Erasure.ANONYMISE,
                fields=("key", "step", "taken_at"),
            ),
        ),
    ),
    Holding(
        model="col_learning.CalendarFeed",
        data=_("that a learner’s calendar program may read their dates"),
        purpose=_("to show a learner’s dates in their own calendar"),
        basis=Basis.CONSENT,
        seen_by=_("who has the secret address"),
        kept=_("until the learner stops it or the account is deleted"),
        paths=(Path("learner"),),
        withheld=("token_hash", "key"),
    ),
    Holding(
        model="col_learning.Reminders",
        data=_("that a learner wants an e-mail before dates"),
        purpose=_("to remind of dates"),
        basis=Basis.CONSENT,
        seen_by=ONLY_LEARNER,
        kept=_("until the learner stops it or the account is deleted"),
        paths=(Path("learner"),),
        withheld=("key",),
    ),
    Holding(
        model="col_learning.SentReminder",
        data=_("of which dates a learner was reminded"),
        purpose=_("to remind of dates"),
        basis=Basis.CONSENT,
        seen_by=NOBODY,
        kept=_("30 days after the date"),
        cleaned_by="wagtail_col.learning.reminders.clean",
        paths=(Path("learner"),),
    ),
    Holding(
        model="col_learning.OwnLearning",
        data=_("learning from elsewhere that a learner wrote down"),
        purpose=_("to keep a learner’s own learning beside their badges"),
        basis=Basis.PUBLIC_TASK,
        seen_by=ONLY_LEARNER,
        kept=_("until the learner deletes it or the account is deleted"),
        paths=(Path("learner"),),
    ),
    Holding(
        model="col_learning.Reflection",
        data=_("notes a learner wrote after steps"),
        purpose=_("to think about what was learned"),
        basis=Basis.PUBLIC_TASK,
        seen_by=ONLY_LEARNER,
        kept=_("until the learner deletes it or the account is deleted"),
        paths=(Path("learner"),),
    ),
    Holding(
        model="col_learning.GroupMember",
        data=_(
            "which groups somebody is in or was invited to, as the organiser calls them, and until "
            "they join the e-mail address"
        ),
        purpose=_("so that a class or a youth group learns together"),
        basis=Basis.PUBLIC_TASK,
        seen_by=_(
            "the learner; the organiser of the group, with how far they are on its playlist, and "
            "nothing of other playlists; no other member"
        ),
        kept=_(
            "until the learner leaves the group or the organiser ends it, 400 days at most; 90 "
            "days for who was invited and did not join"
        ),
        cleaned_by="wagtail_col.learning.groups.clean",
        paths=(Path("learner"), Path("email", who=_("who was invited"), by_email=True)),
        withheld=("card_hash", "key"),
    ),
    Holding(
        model="col_learning.LearnerGroup",
        data=_("who looks after a group"),
        purpose=_("so that a class or a youth group learns together"),
        basis=Basis.PUBLIC_TASK,
        seen_by=_("the members of the group"),
        kept=_("until the organiser ends the group, 400 days at most"),
        cleaned_by="wagtail_col.learning.groups.clean",
        paths=(
            Path(
                "made_by",
                who=STAFF,
                erasure=Erasure.ANONYMISE,
                fields=("key", "name", "made_at"),
            ),
        ),
        withheld=("link_hash", "link_key"),
    ),
    Holding(
        model="col_learning.CodeUse",
        data=_("which codes of badges somebody used, and when"),
        purpose=_("so that a code counts once for each learner"),
        basis=Basis.PUBLIC_TASK,
        seen_by=NOBODY,
        kept=WITH_ACCOUNT,
        paths=(Path("learner"),),
        remains=_("how often the code was used"),
    ),
    Holding(
        model="col_learning.FailedClaim",
        data=_("wrong codes, with the network as a keyed hash"),
        purpose=_("to slow down who guesses codes"),
        basis=Basis.OBLIGATION,
        seen_by=NOBODY,
        kept=_("one minute, then until the next clearing up or the next try of anybody"),
        cleaned_by="wagtail_col.learning.tries.forget",
        paths=(Path("learner"),),
    ),
    Holding(
        model="col_learning.Submission",
        data=_("what somebody sent in for a badge, and what was said to it"),
        purpose=_TO_REVIEW,
        basis=Basis.PUBLIC_TASK,
        seen_by=_REVIEWERS,
        kept=WITH_ACCOUNT,
        paths=(
            Path("learner"),
            Path(
                "reviewed_by",
                who=_("who looked at it"),
                erasure=Erasure.ANONYMISE,
                fields=("key", "achievement", "reviewed_at", "reviewed_as", "state", "reason"),
            ),
            Path(
                "taken_by",
                who=_WHO_TOOK_IT,
                erasure=Erasure.ANONYMISE,
                fields=("key", "achievement", "taken_at"),
            ),
        ),
    ),
    Holding(
        model="col_learning.EvidenceFile",
        data=_("photos and documents somebody sent in for a badge"),
        purpose=_TO_REVIEW,
        basis=Basis.PUBLIC_TASK,
        seen_by=_REVIEWERS,
        kept=_("90 days after the answer (the setting EVIDENCE_DAYS)"),
        cleaned_by="wagtail_col.learning.submissions.remove_old_files",
        paths=(Path("submission__learner"),),
    ),
    Holding(
        model="col_learning.ClaimCode",
        data=_("who made a code"),
        purpose=_("to give badges and steps by codes"),
        basis=Basis.PUBLIC_TASK,
        seen_by=ONLY_STAFF,
        kept=WITH_ITS_THING,
        paths=(
            Path(
                "created_by",
                who=STAFF,
                erasure=Erasure.ANONYMISE,
                fields=("key", "event", "created_at"),
            ),
        ),
        withheld=("code_hash", "opening"),
    ),
    Holding(
        model="col_learning.CodeSheet",
        data=_("who made a sheet of codes"),
        purpose=_("to give badges and steps by codes"),
        basis=Basis.PUBLIC_TASK,
        seen_by=ONLY_STAFF,
        kept=WITH_ITS_THING,
        paths=(
            Path(
                "made_by",
                who=STAFF,
                erasure=Erasure.ANONYMISE,
                fields=("key", "event", "made_at"),
            ),
        ),
    ),
)
