"""The courses of this provider, and how they go into a deep linking response."""

from __future__ import annotations

import colorsys
import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from PIL import Image, ImageDraw
from pylti1p3.deep_link_resource import DeepLinkResource
from pylti1p3.lineitem import LineItem


@dataclass(frozen=True)
class Lesson:
    """One course of the catalogue; ``hue`` (0 to 1) is the colour of its picture."""

    key: str
    title: str
    text: str
    minutes: int
    maximum: float
    hue: float


LESSONS = {
    lesson.key: lesson
    for lesson in (
        Lesson("stars", "How stars live", "From dust to light and back again.", 45, 1, 0.63),
        Lesson("telescope", "Build a telescope", "Two lenses and a clear night.", 90, 10, 0.08),
        Lesson("tides", "Why the sea breathes", "The Moon pulls, the water follows.", 30, 100, 0.5),
        Lesson("maps", "Read the night sky", "Find your way by seven bright stars.", 20, 1, 0.83),
    )
}


class PickedLesson(DeepLinkResource):
    """A content item of type ltiResourceLink with the members PyLTI1p3 does not know."""

    def __init__(self, lesson: Lesson, url: str) -> None:
        self.lesson = lesson
        self.provider = url
        self.set_url(f"{url}/launch").set_title(lesson.title)
        self.set_custom_params(
            {
                "lesson": lesson.key,
                "until": "$ResourceLink.available.endDateTime",
                "timeRequired": f"PT{lesson.minutes}M",
            }
        )
        column = LineItem().set_label(lesson.title).set_score_maximum(lesson.maximum)
        column.set_tag("lesson").set_resource_id(lesson.key)
        column.set_submission_review(["InProgress", "Submitted", "Completed"], label="Look at it")
        self.set_lineitem(column)

    def to_dict(self) -> dict:
        now = datetime.now(UTC).replace(microsecond=0)
        picture = {"url": f"{self.provider}/pictures/{self.lesson.key}.png"}
        return {
            **super().to_dict(),
            "text": self.lesson.text,
            "icon": {**picture, "width": 64, "height": 64},
            "thumbnail": {**picture, "width": 640, "height": 360},
            "window": {"targetName": "course"},
            "iframe": {"width": 800, "height": 600},
            "available": _times(now - timedelta(days=1), now + timedelta(days=365)),
            "submission": _times(now - timedelta(days=1), now + timedelta(days=300)),
        }


def _times(start: datetime, end: datetime) -> dict[str, str]:
    return {"startDateTime": start.isoformat(), "endDateTime": end.isoformat()}


def picture(lesson: Lesson) -> bytes:
    """A PNG, 640 × 360: a disc above a horizon."""

    def colour(lightness: float) -> tuple[int, ...]:
        return tuple(round(255 * part) for part in colorsys.hls_to_rgb(lesson.hue, lightness, 0.5))

    image = Image.new("RGB", (640, 360), colour(0.25))
    draw = ImageDraw.Draw(image)
    draw.ellipse((240, 70, 400, 230), fill=colour(0.75))
    draw.rectangle((0, 250, 640, 360), fill=colour(0.45))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
