from django.db import migrations, models


def keep_names_hidden(apps, schema_editor):
    """Who joined before was told that nobody else sees it: they stay without a name."""
    database = schema_editor.connection.alias
    apps.get_model("col_learning", "Enrolment").objects.using(database).update(hides_name=True)


class Migration(migrations.Migration):

    dependencies = [
        ('col_learning', '0009_playlist_rules'),
    ]

    operations = [
        migrations.AddField(
            model_name='enrolment',
            name='hides_name',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(keep_names_hidden, migrations.RunPython.noop, elidable=True),
    ]
