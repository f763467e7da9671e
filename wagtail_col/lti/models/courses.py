from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_col.lti.models.tools import OpensIn


class Context(models.Model):
    """Where courses are placed: a playlist or an opportunity, by its key."""

    key = models.UUIDField(unique=True)
    title = models.CharField(max_length=255, blank=True)

    class Meta:
        verbose_name = _("place of online courses")
        verbose_name_plural = _("places of online courses")

    def __str__(self) -> str:
        return self.title or str(self.key)


class Course(models.Model):
    """What an editor picked in a tool's catalogue: a content item of type ``ltiResourceLink``.

    ``identity`` tells it apart among its tool's: picked again, it is updated.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tool = models.ForeignKey("col_lti.Tool", on_delete=models.CASCADE, related_name="courses")
    identity = models.CharField(max_length=64, editable=False)
    #: Where it starts (``target_link_uri``).
    url = models.CharField(max_length=2000)
    title = models.CharField(_("title"), max_length=255)
    text = models.TextField(_("text"), blank=True)
    #: Name of a file in the default storage: the provider's picture, drawn again by us.
    picture = models.CharField(max_length=255, blank=True)
    minutes = models.PositiveIntegerField(_("how many minutes it takes"), null=True, blank=True)
    custom = models.JSONField(default=dict)
    opens_in = models.CharField(max_length=10, choices=OpensIn.choices, blank=True)
    available_from = models.DateTimeField(null=True, blank=True)
    available_until = models.DateTimeField(null=True, blank=True)
    submission_from = models.DateTimeField(null=True, blank=True)
    submission_until = models.DateTimeField(null=True, blank=True)

    # The line item it wants; without a maximum it has none.
    score_maximum = models.FloatField(_("maximum score"), null=True, blank=True)
    score_label = models.CharField(max_length=255, blank=True)
    resource_id = models.CharField(max_length=255, blank=True)
    tag = models.CharField(max_length=255, blank=True)
    #: ``submissionReview`` of the line item as it came, or null.
    submission_review = models.JSONField(null=True, blank=True)

    picked_at = models.DateTimeField(auto_now=True)
    picked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    #: What is asked for to show the course, and not by its launches and scores.
    SELDOM = frozenset({"identity", "picture", "minutes", "picked_at", "picked_by_id"})

    class Meta:
        verbose_name = _("online course")
        verbose_name_plural = _("online courses")
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tool", "identity"], name="col_one_course_an_identity")
        ]

    def __str__(self) -> str:
        return self.title


class ResourceLink(models.Model):
    """A course placed in a context. Its ``key`` is the ``resource_link.id`` tools see."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="resource_links")
    context = models.ForeignKey(Context, on_delete=models.CASCADE, related_name="resource_links")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("placed course")
        verbose_name_plural = _("placed courses")
        constraints = [
            models.UniqueConstraint(fields=["course", "context"], name="col_one_link_a_context")
        ]

    def __str__(self) -> str:
        return f"{self.course_id} / {self.context_id}"


class LineItem(models.Model):
    """A column of the gradebook (AGS 2.0, section 3.2): belongs to one tool and one context.

    With a ``resource_link`` its scores are those of that placed course. ``by_tool``: the tool
    made it itself; otherwise it came with the course when it was picked.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tool = models.ForeignKey("col_lti.Tool", on_delete=models.CASCADE, related_name="line_items")
    context = models.ForeignKey(Context, on_delete=models.CASCADE, related_name="line_items")
    resource_link = models.ForeignKey(
        ResourceLink, on_delete=models.CASCADE, null=True, blank=True, related_name="line_items"
    )
    label = models.CharField(max_length=255)
    score_maximum = models.FloatField()
    resource_id = models.CharField(max_length=255, blank=True)
    tag = models.CharField(max_length=255, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    submission_review = models.JSONField(null=True, blank=True)
    by_tool = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("line item")
        verbose_name_plural = _("line items")
        constraints = [
            models.UniqueConstraint(
                fields=["resource_link"],
                condition=models.Q(by_tool=False),
                name="col_one_own_line_item",
            )
        ]
        indexes = [models.Index(fields=["context", "tool"], name="col_line_item_of_tool")]

    def __str__(self) -> str:
        return self.label
