"""A catalogue becomes many times as large: its rows are copied in SQL, each copy with keys and addresses of its own."""

import time
from typing import Any

from bench.measuring import progress

ORIGINALS = 10_000  # resources that are not copies
KEYS = {
    "resources_resource": "id",
    "resources_document": "resource_ptr_id",
    "resources_resourcefile": "id",
    "resources_fileversion": "id",
    "resources_pagetext": "id",
    "resources_resourcetag": "id",
    "search_searchdoc": "doc_id",
}
POINTERS = {  # columns that point to a row of which every copy has its own
    "resource_id": "resources_resource",
    "doc_id": "resources_resource",
    "resource_ptr_id": "resources_resource",
    "content_object_id": "resources_resource",
    "file_id": "resources_resourcefile",
    "main_version_id": "resources_fileversion",
    "current_id": "resources_fileversion",
    "version_id": "resources_fileversion",
}


def multiply(times: int) -> None:
    """Make the catalogue so many times as large, in SQL; the engine's own indexes are made anew at the end."""
    from django.db import connection

    from search.backends.base import get_backend

    with connection.cursor() as cursor:
        take_indexes_away(cursor)
        highest, columns = {}, {}
        for table, key in KEYS.items():
            cursor.execute(f"SELECT max({key}) FROM {table}")
            highest[table] = cursor.fetchone()[0]
            described = connection.introspection.get_table_description(cursor, table)
            columns[table] = [column.name for column in described]
        start = time.monotonic()
        for copy in range(1, times):
            cursor.execute("BEGIN")
            for table, key in KEYS.items():
                values = [copied(name, table, copy, highest) for name in columns[table]]
                cursor.execute(
                    f"INSERT INTO {table} ({', '.join(columns[table])}) SELECT {', '.join(values)} FROM {table} "
                    f"WHERE {key} <= {highest[table]}"
                )
            cursor.execute("COMMIT")
            progress("Copias", copy + 1, times, start)
        cursor.execute(f"UPDATE search_term SET frequency = frequency * {times}")
        get_backend(connection.vendor).install(cursor)


def copied(column: str, table: str, copy: int, highest: dict[str, int]) -> str:
    """Return what a column of a copied row is: keys move on, addresses are new, each copy is older than the one before."""
    if column == "id":
        return f"id + {copy * highest[table]}"
    if column in POINTERS:
        return f"{column} + {copy * highest[POINTERS[column]]}"
    if column == "slug":
        return f"slug || '-{copy}'"
    if column == "facets":  # one of them says which document it is
        return (
            f"trim(replace(facets || ' ', ' r_' || doc_id || ' ', "
            f"' r_' || (doc_id + {copy * highest['resources_resource']}) || ' '))"
        )
    if column == "visible_from":
        return f"visible_from - {copy * 600_000_000_000}"
    if column in ("vector", "head"):
        return moved_lexemes(column, copy * highest["resources_resource"])
    if column == "pairs":
        return moved_pairs(copy * highest["resources_resource"])
    return column


def moved_lexemes(column: str, by: int) -> str:
    """Return PostgreSQL's words of a copy: which document it is and in which band, else those of the original."""
    from search.backends.postgres_columns import BAND, BANDS

    old, new = (
        f"ARRAY['r_' || {pk}, '{BANDS}_' || {pk} / {BAND}]" for pk in ("doc_id", f"(doc_id + {by})")
    )
    return f"ts_delete({column}, {old}) || array_to_tsvector({new})"


def moved_pairs(by: int) -> str:
    """Return PostgreSQL's pairs of a copy, the band among them."""
    from search.backends.postgres_columns import BAND, band_hash, band_of, band_token

    highest = band_of(2 * ORIGINALS + by)
    hashes = ",".join(str(band_hash(band_token(band))) for band in range(highest + 1))
    old, new = (f"(ARRAY[{hashes}])[{pk} / {BAND} + 1]" for pk in ("doc_id", f"(doc_id + {by})"))
    return f"array_replace(pairs, {old}, {new})"


def take_indexes_away(cursor: Any) -> None:
    """Drop what the engine keeps in step row by row; `Engine.install` makes it whole, which is far quicker."""
    from django.db import connection

    if connection.vendor == "postgresql":
        cursor.execute("DROP INDEX search_vector, search_head, search_pairs")
        return
    for name in ("search_insert", "search_delete", "search_update"):
        cursor.execute(f"DROP TRIGGER {name}")
    for name in ("search_all", "search_head"):
        cursor.execute(f"DROP TABLE {name}")
