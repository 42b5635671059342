"""On PostgreSQL, what is sorted and completed is compared byte by byte, whatever the collation of the database.

The keys are made so that their bytes give the Spanish order (`resources.text.sort_key`), and what begins with some letters is
then one range of an index. SQLite compares so by itself.
"""

from django.db import migrations

COLUMNS = [
    ("resource", "sort_title", 250),
    ("searchdoc", "sort_title", 250),
    ("tag", "folded", 100),
    ("term", "text", 100),
]


def _collate(schema_editor, collation: str) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, column, length in COLUMNS:
        schema_editor.execute(
            f'ALTER TABLE resources_{table} ALTER COLUMN {column} TYPE varchar({length}) COLLATE "{collation}"'
        )


def compare_bytes(apps, schema_editor) -> None:
    _collate(schema_editor, "C")


def compare_as_the_database_does(apps, schema_editor) -> None:
    _collate(schema_editor, "default")


class Migration(migrations.Migration):
    dependencies = [("resources", "0010_consultations")]

    operations = [migrations.RunPython(compare_bytes, compare_as_the_database_does)]
