from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ImportSource(models.Model):
    """Where listings of others come from again and again: a file somebody has, or an address."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    #: Fetched from there; empty for files that somebody uploads.
    url = models.CharField(_("web address"), max_length=2000, blank=True)
    #: Column -> fact (``importing.mapping.FIELDS``); an empty fact leaves the column out.
    mapping = models.JSONField(default=dict, blank=True)
    #: Overrides what is told by the file's own bytes.
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    kind = models.CharField(_("kind"), max_length=20, default="event")
    language = models.CharField(_("language of the texts"), max_length=20)
    attribution = models.CharField(_("whom to name as the source"), max_length=255, blank=True)
    provider = models.ForeignKey(
        "Provider", on_delete=models.SET_NULL, null=True, blank=True, related_name="import_sources"
    )
    territory = models.ForeignKey(
        "Territory", on_delete=models.SET_NULL, null=True, blank=True, related_name="import_sources"
    )
    is_daily = models.BooleanField(_("repeat every day"), default=False)
    #: Rows with faults are left out without asking.
    skips_faults = models.BooleanField(_("leave out rows with faults"), default=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("source of imports")
        verbose_name_plural = _("sources of imports")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def listing_source(self) -> str:
        """``Listing.source`` of what comes from here."""
        return f"import:{self.key.hex}"


class RunState(models.TextChoices):
    CHECKED = "checked", _("Looked at, not imported")
    RUNNING = "running", _("Being imported")
    DONE = "done", _("Imported")
    REFUSED = "refused", _("Refused")
    STOPPED = "stopped", _("Stopped")


class ImportRun(models.Model):
    """One file on its way in: what was found in it, and how far the writing is.

    ``position`` counts the rows that were worked off. It is written in the transaction that writes
    them, so whoever goes on after a crash knows where.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.ForeignKey(ImportSource, on_delete=models.CASCADE, related_name="runs")
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.CHECKED)
    file_name = models.CharField(max_length=255, blank=True)
    #: Media type or name that tells what the file is; its size in bytes.
    hint = models.CharField(max_length=255, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    #: What was found when it was looked at, the first faults among it.
    found = models.JSONField(default=dict)
    faults = models.JSONField(default=list)
    #: Why it was refused: a code of ``importing.refusing.REFUSALS`` and its values.
    refusal = models.CharField(max_length=40, blank=True)
    refusal_values = models.JSONField(default=dict)
    #: What the editor said: rows with faults and doubles may stay out, many items may go.
    without_faults = models.BooleanField(default=False)
    may_vanish = models.BooleanField(default=False)

    total = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    faulty = models.PositiveIntegerField(default=0)
    #: Rows that are an earlier one again.
    doubles = models.PositiveIntegerField(default=0)
    twins = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0)

    made_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        constraints = [
            # Two at once would undo what the other did.
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(state="running"),
                name="col_one_running_import_a_source",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.made_at:%Y-%m-%d %H:%M}"

    @property
    def left_out(self) -> int:
        """Rows that cannot go in, as it was found when it was looked at."""
        return self.found.get("faulty", 0) + self.found.get("doubles", 0)


class ImportPiece(models.Model):
    """A piece of an uploaded file, until it is imported: every worker can read it, no visitor."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="col_one_piece_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}"


class ImportedItem(models.Model):
    """An item of a source that is published, and what it said last: two numbers made of texts.

    The listing's key is made of the source's and ``item`` (``importing.matching.key_of``).
    """

    source = models.ForeignKey(
        ImportSource, on_delete=models.CASCADE, related_name="items", db_index=False
    )
    item = models.BigIntegerField()
    content = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "item"], name="col_one_item_a_source")
        ]

    def __str__(self) -> str:
        return f"{self.source_id}/{self.item}"


class Verdict(models.TextChoices):
    OPEN = "", _("Not decided")
    SAME = "same", _("The same: leave it out")
    OTHER = "other", _("Something else: import it")


class ImportTwin(models.Model):
    """An item that is probably there already, from elsewhere. It waits for an editor's word."""

    source = models.ForeignKey(ImportSource, on_delete=models.CASCADE, related_name="twins")
    item = models.BigIntegerField()
    listing = models.ForeignKey("Listing", on_delete=models.CASCADE, related_name="+")
    row = models.PositiveIntegerField()
    title = models.CharField(max_length=255)
    venue = models.CharField(max_length=255, blank=True)
    starts_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=5, choices=Verdict.choices, blank=True, default="")

    class Meta:
        ordering = ["row", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "item"], name="col_one_twin_an_item")
        ]

    def __str__(self) -> str:
        return self.title
