"""Points: numbers that can be compared, divided and added up without ever leaving the numbers."""

from __future__ import annotations

from typing import Any

from wagtail_col.lti.platform.requirements import Refused, Requirement

#: No course gives more points, and none fewer than the least above 0.
MOST = 1e9
LEAST = 1e-6


def read_points(value: Any, refusal: Requirement, name: str, *, above_zero: bool = False) -> float:
    """A number of points as JSON has it. Raises ``Refused(refusal)``.

    ``above_zero``: a maximum, which scores are divided by (AGS 2.0, section 3.2.8).
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused(refusal, f"{name} is not a number")
    # Also False for what is not a number at all (NaN).
    if not (LEAST if above_zero else 0) <= value <= MOST:
        raise Refused(refusal, f"{name} is {value:.6g}")
    return float(value)
