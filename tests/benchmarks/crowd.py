"""Ten thousand learners in one online course: enrolled, known to the tool, with a result each."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone
from jwt.algorithms import RSAAlgorithm

from wagtail_col.catalogue.facts import Text
from wagtail_col.learning.facts import PlaylistFacts, StepFacts
from wagtail_col.learning.models import Enrolment, Step
from wagtail_col.learning.publishing import publish_playlist
from wagtail_col.lti import placing
from wagtail_col.lti.models import (
    Course,
    LineItem,
    Membership,
    MembershipState,
    Result,
    Role,
    Tool,
    ToolState,
    ToolUser,
)
from wagtail_col.lti.platform.jwt import PrivateKey

PEOPLE = 10_000
TOOL = "https://tool.example.org"


@dataclass(frozen=True)
class Crowd:
    """``learner`` is one of them; has joined the playlist, has said what may be passed on."""

    tool: Tool
    tool_key: PrivateKey
    step: Step
    line_item: LineItem
    learner: AbstractBaseUser
    tool_user: ToolUser


def gather() -> Crowd:
    rsa_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    jwk = RSAAlgorithm.to_jwk(rsa_key.public_key(), as_dict=True)
    tool = Tool.objects.create(
        name="Course house",
        state=ToolState.ACTIVE,
        login_url=f"{TOOL}/login",
        launch_url=f"{TOOL}/launch",
        redirect_uris=[f"{TOOL}/launch"],
        jwks={"keys": [{**jwk, "kid": "bench"}]},
        may_names=True,
        may_emails=True,
        may_grades=True,
        may_rosters=True,
    )
    course = Course.objects.create(
        tool=tool, identity="bench", url=f"{TOOL}/course", title="Stars", score_maximum=100
    )
    playlist = publish_playlist(
        PlaylistFacts(
            key=uuid.uuid4(),
            texts=(Text(language="en", title="Bench", url="/en/bench/"),),
            steps=(
                StepFacts(key=uuid.uuid4(), texts={"en": ("", "")}, course=course.key),
                StepFacts(
                    key=uuid.uuid4(), texts={"en": ("Read", "")}, link="https://example.org/read"
                ),
            ),
        )
    )
    link = placing.place(course, playlist.key, "Bench")
    line_item = LineItem.objects.get(resource_link=link)
    users = _users()
    now = timezone.now()
    Enrolment.objects.bulk_create(
        [Enrolment(learner=user, playlist=playlist) for user in users], batch_size=1000
    )
    people = ToolUser.objects.bulk_create(
        [
            ToolUser(tool=tool, user=user, shares_name=True, shares_email=False, decided_at=now)
            for user in users
        ],
        batch_size=1000,
    )
    Membership.objects.bulk_create(
        [
            Membership(
                tool_user=person,
                context=link.context,
                role=Role.LEARNER,
                state=MembershipState.ACTIVE,
                changed_at=now,
            )
            for person in people
        ],
        batch_size=1000,
    )
    Result.objects.bulk_create(
        [
            Result(
                line_item=line_item,
                tool_user=person,
                timestamp=now,
                activity_progress="InProgress",
                grading_progress="Pending",
                score_given=10,
                score_maximum=100,
            )
            for person in people
        ],
        batch_size=1000,
    )
    middle = PEOPLE // 2
    return Crowd(
        tool=tool,
        tool_key=PrivateKey("bench", rsa_key),
        step=playlist.steps.order_by("position").first(),
        line_item=line_item,
        learner=users[middle],
        tool_user=people[middle],
    )


def _users() -> list[AbstractBaseUser]:
    user_model = get_user_model()
    return user_model.objects.bulk_create(
        [
            user_model(username=f"bench{n}", email=f"bench{n}@example.org", first_name="Ana")
            for n in range(PEOPLE)
        ],
        batch_size=1000,
    )
