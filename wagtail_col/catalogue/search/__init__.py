"""What people look for: a query read from an address, and what it finds."""

from .query import Query
from .terms import BadQuery

__all__ = ["BadQuery", "Query"]
