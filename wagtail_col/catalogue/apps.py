from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    """What can be learned, where and when: records only, nothing of pages."""

    name = "wagtail_col.catalogue"
    label = "col_catalogue"
    verbose_name = _("Catalogue")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_col.catalogue.alerts.saving import stop_for
        from wagtail_col.people.signals import no_longer_allowed

        no_longer_allowed.connect(stop_for, dispatch_uid="wagtail_col.catalogue")
        post_migrate.connect(keep_index_of_words, sender=self)


def keep_index_of_words(*, using: str, **kwargs: object) -> None:
    """On SQLite Django makes a table anew to change it, and triggers go with the old one."""
    from wagtail_col.catalogue.models import ListingText
    from wagtail_col.catalogue.search.texts import sqlite

    connection = connections[using]
    if connection.vendor == "sqlite":
        tables = connection.introspection.table_names()
        if ListingText._meta.db_table in tables:
            sqlite.install(connection)
