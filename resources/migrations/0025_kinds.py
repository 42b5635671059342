"""The kinds are declared in code (models/kind_spec.py): the database no longer lists them."""

from django.db import migrations, models

import resources.models.kind_spec


class Migration(migrations.Migration):
    dependencies = [("resources", "0024_search_leaves")]

    operations = [
        migrations.RemoveConstraint(model_name="resource", name="resource_kind_is_known"),
        migrations.AlterField(
            model_name="resource",
            name="kind",
            field=models.CharField(
                choices=resources.models.kind_spec.kind_choices,
                editable=False,
                max_length=20,
                verbose_name="tipo",
            ),
        ),
    ]
