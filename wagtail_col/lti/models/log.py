from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Message(models.TextChoices):
    """What was said between a tool and us."""

    LOGIN = "login", _("Login")
    LAUNCH = "launch", _("Course opened")
    PICK = "pick", _("Picking courses")
    PICKED = "picked", _("Courses picked")
    REVIEW = "review", _("Submission looked at")
    TOKEN = "token", _("Access token")
    LINE_ITEM = "line-item", _("Line item")
    SCORE = "score", _("Score")
    RESULT = "result", _("Results")
    MEMBERS = "members", _("Members")
    REGISTRATION = "registration", _("Registration")
    KEYS = "keys", _("Key fetch")
    RETURN = "return", _("Came back with a message")


class Outcome(models.TextChoices):
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")


class LogEntry(models.Model):
    """One message and its outcome, for editors to read. No names, no tokens; kept 30 days."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    tool = models.ForeignKey(
        "col_lti.Tool", on_delete=models.CASCADE, null=True, related_name="log"
    )
    message = models.CharField(max_length=20, choices=Message.choices)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    #: The requirement that was not met (``platform.requirements``), and what was wrong.
    requirement = models.CharField(max_length=60, blank=True)
    field = models.CharField(max_length=60, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    course = models.ForeignKey(
        "col_lti.Course", on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("entry of the launch log")
        verbose_name_plural = _("launch log")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["tool", "-at"], name="col_log_of_tool")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.message} {self.outcome}"
