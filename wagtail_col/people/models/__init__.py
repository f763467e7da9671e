from wagtail_col.people.models.copies import DataCopy

__all__ = ["DataCopy"]
