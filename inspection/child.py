"""The sandboxed child: limits itself, opens the stranger's file, reports line by line."""

import argparse
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TextIO

from inspection.facts import FileRefused, Job, Limits, ReportLine

_MAX_OPEN_FILES = 64
_REFUSED = '{"refused"'


def main(arguments: list[str]) -> int:
    """Inspect one file and write its report to the standard output as JSON lines.

    Answers 0 for facts and 1 for a refusal; any other end means that the file broke the reader.
    """
    job = _job(arguments)
    limit_this_process(job.limits)
    output, line = _own_output(), ""
    for line in report(job):
        output.write(line + "\n")
        output.flush()
    return 1 if line.startswith(_REFUSED) else 0


def report(job: Job) -> Iterator[str]:
    """Yield the lines of the report; the last one is `end` or a refusal."""
    try:
        # Only now: the code that parses files must not run, nor be loaded, without limits.
        yield from map(_written, _asked(job))
        yield _written({"end": True})
    except FileRefused as refusal:
        yield _refused(refusal)
    except MemoryError:
        yield _refused(memory_refusal())
    except Exception as error:
        yield _refused(crash_refusal(f"{type(error).__name__}: {error}"[:500]))


def _asked(job: Job) -> Iterator[ReportLine]:
    """Return the lines that a job asks for, with the one reader that it needs."""
    if job.preview:
        return import_module("inspection.sheet_preview").preview(job)
    if job.table:
        return import_module("inspection.table_rows").read_table(job)
    if job.recognise:
        return import_module("inspection.recognition").recognise_page(job)
    if job.reading or job.draw:
        reading = import_module("inspection.reading")
        return reading.draw_pages(job) if job.draw else reading.read_blocks(job)
    return import_module("inspection.examine").examine(job)


def limit_this_process(limits: Limits) -> None:
    """Limit memory, processor time, core dumps, open files and standard input of this process for good."""
    caps = {
        resource.RLIMIT_AS: limits.memory,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: limits.max_bytes,
        resource.RLIMIT_NOFILE: _MAX_OPEN_FILES,
    }
    for what, cap in caps.items():
        with suppress(ValueError, OSError):  # macOS knows no limit of address space
            resource.setrlimit(what, (cap, cap))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.wall_seconds)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.close(nothing)


def memory_refusal() -> FileRefused:
    """Return the refusal of a file that needs more memory than its limit."""
    return FileRefused(
        "memory",
        "El archivo necesita demasiada memoria para abrirse. Redúzcalo (imágenes de menor "
        "resolución, menos páginas) o divídalo en partes y súbalo de nuevo.",
    )


def crash_refusal(detail: str) -> FileRefused:
    """Return the refusal of a file whose reader failed in an unforeseen way."""
    return FileRefused(
        "unreadable",
        "No se pudo leer el archivo, quizá porque está dañado. Ábralo en su programa de origen, "
        "guárdelo o expórtelo de nuevo y súbalo otra vez.",
        detail,
    )


def _job(arguments: list[str]) -> Job:
    parser = argparse.ArgumentParser(prog="python -m inspection", description=__doc__)
    parser.add_argument("path", type=Path, help="the file to inspect")
    parser.add_argument("--name", default="", help="what its owner calls it")
    parser.add_argument("--picture", type=Path, help="where to write the picture")
    parser.add_argument("--table", action="store_true", help="report rows, not facts")
    parser.add_argument("--reading", action="store_true", help="report blocks, not facts")
    parser.add_argument("--draw", default="", help="draw these pages, parted by commas")
    parser.add_argument("--recognise", type=int, default=0, help="recognise the text of this page")
    parser.add_argument("--preview", action="store_true", help="report the sheets' first rows")
    parser.add_argument("--limits", default="{}", help="limits to change, as a JSON object")
    given = parser.parse_args(arguments)
    limits = Limits(**json.loads(given.limits))
    return Job(
        given.path,
        given.name,
        given.picture,
        limits,
        table=given.table,
        preview=given.preview,
        reading=given.reading,
        recognise=given.recognise,
        draw=tuple(map(int, filter(None, given.draw.split(",")))),
    )


def _own_output() -> TextIO:
    """Return a descriptor for the report alone, so that nothing that a library prints gets into it."""
    report = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace")
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.close(nothing)
    sys.stdout = sys.stderr
    return report


def _written(line: ReportLine) -> str:
    return json.dumps(line, ensure_ascii=False)


def _refused(refusal: FileRefused) -> str:
    words = {"code": refusal.code, "message": refusal.message, "detail": refusal.detail}
    return _written({"refused": words})
