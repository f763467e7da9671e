"""A site with a base page of its own (``WAGTAIL_PAGE_MODEL``, Wagtail 8)."""
