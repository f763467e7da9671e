"""Badges with evidence, who sends it in and who looks at it, for tests."""

from __future__ import annotations

import io

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.factories import AchievementFactory, UserFactory
from wagtail_col.badges.awarding import award
from wagtail_col.badges.models import Achievement, Issuer
from wagtail_col.learning import submissions
from wagtail_col.learning.evidence_files import CleanFile
from wagtail_col.learning.models import Submission


def badge(assessment: str = "organiser", **values) -> Achievement:
    """A badge of an issuer with a team."""
    number = Issuer.objects.count()
    group = Group.objects.create(name=f"team {number}")
    issuer = Issuer.objects.create(slug=f"issuer-{number}", name=f"Issuer {number}", team=group)
    return AchievementFactory(assessment=assessment, issuer=issuer, **values)


def organiser_of(achievement: Achievement):
    """A member of the team of the badge's issuer."""
    user = UserFactory()
    user.groups.add(achievement.issuer.team)
    return user


def holder_of(achievement: Achievement):
    """A learner who has the badge."""
    learner = UserFactory()
    award(achievement, learner, because={"by": "hand"}, language="en")
    return learner


def photo(name: str = "ana-kovac.jpg") -> CleanFile:
    return CleanFile(name, "image/jpeg", jpeg())


def jpeg() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (80, 60), "teal").save(made, "JPEG")
    return made.getvalue()


def upload(name: str = "photo.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg() if content is None else content)


def sent(achievement: Achievement, learner=None, text: str = "I did it.", **values) -> Submission:
    return submissions.send_in(learner or UserFactory(), achievement, text=text, **values)
