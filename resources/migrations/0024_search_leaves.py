"""Search is an app of its own: its index is dropped here and rebuilt there; synonyms only change their app."""

from django.db import migrations


def drop_backend_tables(apps, schema_editor):
    """Drop what the SQLite backend made beside the model's table; PostgreSQL drops its columns with the table."""
    if schema_editor.connection.vendor != "sqlite":
        return
    for kind, names in (
        ("TRIGGER", ("search_insert", "search_delete", "search_update")),
        ("TABLE", ("search_all", "search_head")),
    ):
        for name in names:
            schema_editor.execute(f"DROP {kind} IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("resources", "0023_terms_of_the_field")]

    operations = [
        migrations.RunPython(drop_backend_tables, migrations.RunPython.noop),
        *(
            migrations.DeleteModel(name)
            for name in ("SearchDoc", "DeletionVariant", "Term", "ReindexState", "IndexQueue")
        ),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Synonym")]),
    ]
