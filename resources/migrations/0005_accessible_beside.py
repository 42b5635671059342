"""A card tells of the accessible format beside the file; the portal's row holds the figures of what the public asked."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("resources", "0004_search"),
    ]

    operations = [
        migrations.AddField(
            model_name="portal",
            name="help_figures",
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="resource",
            name="accessible_version",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="resources.fileversion",
            ),
        ),
    ]
