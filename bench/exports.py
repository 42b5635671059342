"""Build a synthetic catalogue and measure the exports of it: seconds, bytes, and the memory of the process.

Each is asked for twice: the first one who asks has it made, the next is given what was kept.

    python -m bench.exports 10000

Each resource has one file and three tags. Every export runs in a process of its own, whose memory is what it needs.
"""

import argparse
import os
import resource as usage
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EXPORTS = ("/catalogo.csv", "/catalogo.xlsx", "/catalogo.jsonld", "/catalogo.ttl", "/recursos.atom")


def main() -> None:
    """Build what is asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", type=int, help="how many resources")
    parser.add_argument("--export", help="measure this one in this process (used by itself)")
    options = parser.parse_args()
    folder = Path(tempfile.gettempdir()) / f"recursos-bench-exports-{options.size}"
    os.environ.setdefault("VAR_DIR", str(folder))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    if options.export:
        measure(options.export)
        return
    from django.core.management import call_command

    (folder / "static").mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    build(options.size)
    for path in ("/robots.txt", *EXPORTS):
        subprocess.run(
            [sys.executable, "-m", "bench.exports", str(options.size), "--export", path], check=True
        )
    shutil.rmtree(folder)


def measure(path: str) -> None:
    """Read one export to its end, twice, and print what each took."""
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=True)
    client.get("/robots.txt")  # what a process does once, it has done
    for time_asked in ("first", "again"):
        start, busy, sent = time.perf_counter(), time.process_time(), 0
        answer = client.get(path)
        for piece in answer.streaming_content if answer.streaming else [answer.content]:
            sent += len(piece)
        seconds, busy = time.perf_counter() - start, time.process_time() - busy
        peak = usage.getrusage(usage.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{path:18} {time_asked} {answer.status_code} {seconds:6.2f} s ({busy:5.2f} of the processor)  "
            f"{sent / 1e6:6.1f} MB  process {peak:4.0f} MB",
            flush=True,
        )


def build(size: int) -> None:
    """Write `size` documents straight into the tables; search and packs are not part of this."""
    from django.db.models import QuerySet
    from django.utils import timezone

    from resources.kinds.document import Document
    from resources.models import FileVersion, Resource, ResourceFile, ResourceTag, Section, Tag

    now = timezone.now()
    sections = [Section.objects.create(title=f"Sección {n}") for n in range(10)]
    tags = [Tag.objects.create(name=f"etiqueta {n}") for n in range(50)]
    seen = {"kind": "document", "type_label": "Guía", "status": "published", "published_at": now}
    QuerySet(Resource).bulk_create(
        [
            Resource(
                title=f"Documento {n} sobre gobierno abierto en los municipios",
                sort_title=f"documento {n:06}",
                slug=f"documento-{n}",
                summary="De qué trata este documento y para quién sirve, en dos o tres frases. "
                * 3,
                section=sections[n % 10],
                created=now,
                updated=now,
                **seen,
            )
            for n in range(size)
        ],
        batch_size=500,
    )
    ids = list(Resource.objects.values_list("pk", flat=True))
    insert_children(Document, ids)
    QuerySet(ResourceFile).bulk_create(
        [ResourceFile(resource_id=pk, file_name="guia.pdf") for pk in ids], batch_size=500
    )
    slots = list(ResourceFile.objects.values_list("pk", flat=True))
    about = {"number": 1, "stored": "x/guia.pdf", "media_type": "application/pdf", "size": 123_456}
    QuerySet(FileVersion).bulk_create(
        [FileVersion(file_id=pk, sha256=f"{pk:064x}", created=now, **about) for pk in slots],
        batch_size=500,
    )
    current = dict(FileVersion.objects.values_list("file_id", "pk"))
    QuerySet(ResourceFile).bulk_update(
        [ResourceFile(pk=pk, current_id=version) for pk, version in current.items()],
        ["current"],
        batch_size=200,
    )
    QuerySet(ResourceTag).bulk_create(
        [
            ResourceTag(content_object_id=pk, tag=tags[(pk + step) % 50])
            for pk in ids
            for step in range(3)
        ],
        batch_size=500,
    )


def insert_children(model: type, ids: list[int]) -> None:
    """Give each resource its child row."""
    from django.db import connection

    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (resource_ptr_id, document_type, edition) VALUES (%s, 'guide', '')",
            [(pk,) for pk in ids],
        )


if __name__ == "__main__":
    main()
