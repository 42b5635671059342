"""The index anew, and the synonyms of the app `resources` with their content type and permissions."""

from django.db import migrations, models

MODELS = ("searchdoc", "term", "deletionvariant", "synonym", "reindexstate", "indexqueue")
BYTE_ORDER = (("searchdoc", "sort_title", 250), ("term", "text", 100))


def move_content_types(apps, schema_editor):
    content_type = apps.get_model("contenttypes", "ContentType")
    content_type.objects.filter(app_label="resources", model__in=MODELS).update(app_label="search")


def compare_bytes(apps, schema_editor):
    """Compare sort keys and folded terms byte by byte, whatever the collation of the PostgreSQL database."""
    if schema_editor.connection.vendor == "postgresql":
        for table, column, length in BYTE_ORDER:
            schema_editor.execute(
                f'ALTER TABLE search_{table} ALTER COLUMN {column} TYPE varchar({length}) COLLATE "C"'
            )


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("resources", "0024_search_leaves"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchDoc",
            fields=[
                ("doc_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("title", models.TextField()),
                ("tags", models.TextField()),
                ("summary", models.TextField()),
                ("facets", models.TextField()),
                ("sort_title", models.CharField(max_length=250)),
                ("visible_from", models.BigIntegerField()),
                ("visible_until", models.BigIntegerField(default=4611686018427387904)),
                ("analyzer", models.PositiveIntegerField()),
                ("words", models.TextField()),
                ("layout", models.TextField()),
                ("body", models.TextField()),
            ],
            options={
                "verbose_name": "entrada del buscador",
                "verbose_name_plural": "entradas del buscador",
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["-visible_from", "-doc_id"], name="search_newest"),
                    models.Index(fields=["sort_title"], name="search_by_title"),
                    models.Index(fields=["analyzer"], name="search_by_analyzer"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReindexState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("up_to", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "verbose_name": "reescritura del índice",
                "verbose_name_plural": "reescrituras del índice",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="IndexQueue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("doc_id", models.PositiveBigIntegerField()),
            ],
            options={
                "verbose_name": "entrada por escribir",
                "verbose_name_plural": "entradas por escribir",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=100, unique=True)),
                ("label", models.CharField(max_length=100)),
                ("frequency", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "palabra del buscador",
                "verbose_name_plural": "palabras del buscador",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DeletionVariant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.deletion.CASCADE,
                        related_name="keys",
                        to="search.term",
                    ),
                ),
                ("key", models.CharField(max_length=50)),
            ],
            options={
                "verbose_name": "clave de corrección",
                "verbose_name_plural": "claves de corrección",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("key", "term"), name="a_term_has_a_key_once")
                ],
            },
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Synonym",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "words",
                            models.CharField(
                                help_text="Dos o más, separadas por comas: GAD, gobierno autónomo descentralizado, municipio. Quien busque una encontrará también las demás; mayúsculas, tildes y plurales no importan.",
                                max_length=400,
                                verbose_name="palabras que significan lo mismo",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "grupo de sinónimos",
                        "verbose_name_plural": "sinónimos",
                        "ordering": ["words"],
                        "db_table": "resources_synonym",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("words", ""), _negated=True),
                                name="a_synonym_group_has_words",
                            )
                        ],
                    },
                )
            ]
        ),
        migrations.AlterModelTable("synonym", None),
        migrations.RunPython(compare_bytes, migrations.RunPython.noop),
        migrations.RunPython(move_content_types, migrations.RunPython.noop),
    ]
