"""Rename models to the terms of the field; permissions, revisions and actions that name them follow."""

import django.db.models.deletion
from django.db import migrations, models

MODELS = {
    "Portal": "SiteSettings",
    "FormerAddress": "Redirect",
    "Edit": "Revision",
    "Discarded": "TrashedFile",
    "CatalogueImport": "PendingImport",
    "HeldUpload": "PendingUpload",
    "Consultation": "ViewCount",
    "IndexRewriting": "ReindexState",
    "PendingEntry": "IndexQueue",
    "TermKey": "DeletionVariant",
}
ACTIONS = {"binned": "trashed", "withheld": "taken_down"}


def rename_text(apps, models_by_name, actions):
    """Rename what is stored as text: codenames of permissions, subjects and actions of revisions."""
    permission = apps.get_model("auth", "Permission")
    revision = apps.get_model("resources", "Revision")
    for old, new in models_by_name.items():
        old, new = old.lower(), new.lower()
        for held in permission.objects.filter(
            content_type__app_label="resources", codename__endswith=f"_{old}"
        ):
            held.codename = held.codename.removesuffix(old) + new
            held.save()
        revision.objects.filter(subject=old).update(subject=new)
    for old, new in actions.items():
        revision.objects.filter(action=old).update(action=new)


def forwards(apps, schema_editor):
    rename_text(apps, MODELS, ACTIONS)


def backwards(apps, schema_editor):
    rename_text(
        apps,
        {new: old for old, new in MODELS.items()},
        {new: old for old, new in ACTIONS.items()},
    )


class Migration(migrations.Migration):
    dependencies = [
        ("resources", "0022_resource_slug_typed"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        *(migrations.RenameModel(old, new) for old, new in MODELS.items()),
        migrations.AlterField(
            model_name="revision",
            name="action",
            field=models.CharField(
                choices=[
                    ("created", "creó"),
                    ("changed", "cambió"),
                    ("submitted", "envió a revisión"),
                    ("returned", "devolvió a borrador"),
                    ("published", "publicó"),
                    ("scheduled", "programó"),
                    ("withdrawn", "retiró"),
                    ("verified", "verificó"),
                    ("trashed", "movió a la papelera"),
                    ("restored", "sacó de la papelera"),
                    ("reverted", "volvió a un estado anterior"),
                    ("imported", "importó de una lista"),
                    ("taken_down", "retuvo una versión"),
                    ("deleted", "eliminó"),
                    ("undeleted", "recuperó"),
                    ("outside", "quedó así sin pasar por un formulario"),
                ],
                max_length=10,
                verbose_name="qué hizo",
            ),
        ),
        migrations.AlterField(
            model_name="viewcount",
            name="resource",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                related_name="view_count",
                serialize=False,
                to="resources.resource",
            ),
        ),
        migrations.RunPython(forwards, backwards),
    ]
