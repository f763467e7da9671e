"""What learners and reviewers write about evidence."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_col.badges.models import Achievement, Assessment
from wagtail_col.badges.texts import check_signable
from wagtail_col.learning import evidence_files, reviewing, submissions
from wagtail_col.learning.evidence_files import CleanFile, NotAcceptable
from wagtail_col.learning.models import Submission

#: A request larger than this is refused before it is read: the files and what is around them.
MOST_REQUEST_BYTES = evidence_files.MOST_BYTES_TOGETHER + 512 * 1024
#: What the browser offers to choose; what a file is, is read from its bytes.
PHOTOS = "image/jpeg,image/png,image/webp"
DOCUMENTS = ".pdf,.txt,.odt,.docx"


class EvidenceForm(forms.Form):
    """What a learner did: words, a link, and as ``cleaned_data["files"]`` CleanFiles."""

    text = forms.CharField(
        label=gettext_lazy("What you did"),
        required=False,
        max_length=submissions.MOST_LETTERS,
        validators=[check_signable],
    )
    link = forms.URLField(
        label=gettext_lazy("A link to it"),
        required=False,
        max_length=2000,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
    )
    confirms = forms.BooleanField(required=False)

    def __init__(self, achievement: Achievement, data=None, files: MultiValueDict | None = None):
        super().__init__(data, files)
        self.achievement = achievement

    def follow(self, before: Submission) -> None:
        """Begin with what was sent back."""
        self.initial = {"text": before.text, "link": before.link}

    @property
    def for_peers(self) -> bool:
        return self.achievement.assessment == Assessment.PEER

    @property
    def is_self(self) -> bool:
        return self.achievement.assessment == Assessment.SELF

    @property
    def accept(self) -> str:
        """The kinds of file for the button that chooses one."""
        return f"{PHOTOS},.txt" if self.for_peers else f"{PHOTOS},{DOCUMENTS}"

    def clean(self) -> dict:
        self.cleaned_data["files"] = self._files()
        return self.cleaned_data

    def _files(self) -> list[CleanFile]:
        sent = [*self.files.getlist("photo"), *self.files.getlist("files")] if self.files else []
        if len(sent) > evidence_files.MOST_FILES:
            most = {"most": evidence_files.MOST_FILES}
            self.add_error(None, _("Send %(most)s files at most.") % most)
            return []
        kept = []
        for file in sent:
            try:
                if file.size > evidence_files.MOST_BYTES:
                    raise evidence_files.too_large()
                kept.append(evidence_files.clean(file.name, file.read(), for_peers=self.for_peers))
            except NotAcceptable as error:
                said = _("“%(name)s”: %(why)s") % {"name": file.name, "why": error.message}
                self.add_error(None, ValidationError(said, code=error.code))
        return kept


class ReviewForm(forms.Form):
    """Accept or send back, with words."""

    decision = forms.ChoiceField(choices=[("accept", ""), ("send-back", "")])
    reason = forms.CharField(
        required=False, max_length=reviewing.MOST_LETTERS, validators=[check_signable]
    )

    @property
    def accepts(self) -> bool:
        return self.cleaned_data["decision"] == "accept"
