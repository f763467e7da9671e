from __future__ import annotations

from django.db import models


class Word(models.Model):
    """A word that stands in some listing's text, folded: what a typing error can have meant."""

    #: The longest that are kept; nobody mistypes longer ones into something near.
    LONGEST = 24

    text = models.CharField(max_length=LONGEST, unique=True)

    def __str__(self) -> str:
        return self.text


class WordPart(models.Model):
    """Three letters in a row of a word, its beginning and end marked by spaces."""

    part = models.CharField(max_length=3)
    word = models.ForeignKey(Word, on_delete=models.CASCADE, related_name="parts")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["part", "word"], name="col_one_part_of_a_word")
        ]

    def __str__(self) -> str:
        return self.part
