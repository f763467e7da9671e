"""The ready-made page types, for every site with Wagtail's own base page.

A site with a base page of its own (``WAGTAIL_PAGE_MODEL``) leaves this app out and puts the
mixins of ``wagtail_col.pages.types`` on its base page.
"""
