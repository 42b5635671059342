"""The index of the newest tells what was published in the same instant apart, as the order does: else all of it is sorted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("resources", "0013_more_synonyms")]

    operations = [
        migrations.RemoveIndex(model_name="searchdoc", name="search_newest"),
        migrations.AddIndex(
            model_name="searchdoc",
            index=models.Index(fields=["-visible_from", "-resource"], name="search_newest"),
        ),
    ]
