"""Open Badges 2.0: reading and verifying what other organisations gave."""

from .verification import verify

__all__ = ["verify"]
