"""Pictures that people upload: made harmless before anything is kept of them."""

from .cleaning import MOST_BYTES, Cleaned, clean
from .refusing import NotAPicture

__all__ = ["MOST_BYTES", "Cleaned", "NotAPicture", "clean"]
