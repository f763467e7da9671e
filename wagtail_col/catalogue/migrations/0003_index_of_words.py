from django.db import migrations

from wagtail_col.catalogue.search import texts
from wagtail_col.catalogue.writing import folded_text


def index_words(apps, schema_editor):
    """The roots of words into the texts that are there, then the index over them."""
    model = apps.get_model("col_catalogue", "ListingText")
    rows = model.objects.select_related("listing").order_by("pk")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:500]):
        last = batch[-1].pk
        for row in batch:
            listing = row.listing
            row.folded = folded_text(
                row.language, row.title, row.summary, listing.venue, listing.address
            )
        model.objects.bulk_update(batch, ["folded"])
    texts.backend(schema_editor.connection).install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("col_catalogue", "0002_online_courses")]

    operations = [migrations.RunPython(index_words, migrations.RunPython.noop)]
