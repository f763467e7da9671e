"""What people look for: a query read from an address, and what it finds."""

from .query import BadQuery, Query

__all__ = ["BadQuery", "Query"]
