"""Run the sandboxed child on a file, read its report within limits, return facts or raise a refusal."""

import json
import logging
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, TypeVar, cast

from inspection.blocks import DocumentText, Recognised
from inspection.child import crash_refusal
from inspection.child_report import ChildReport
from inspection.facts import MB, FileFacts, FileRefused, Limits, SheetPreview, Table
from inspection.file_names import refuse_disguised
from inspection.semaphore import acquire_slot, default_slots_dir
from inspection.text_cleanup import one_line

T = TypeVar("T")
logger = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[1]
_ENVIRONMENT = {"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONPATH": str(_ROOT)}
_CHUNK = 65_536
READING: dict[str, Any] = {"cpu_seconds": 300, "wall_seconds": 600.0, "max_output": 96 * MB}
"""Limits of a reading by the worker, which nobody waits for."""
_UNFORESEEN = ("unreadable", "crashed")
_TIME_SIGNALS = (-signal.SIGALRM, -signal.SIGXCPU, -signal.SIGKILL)


def inspect_file(
    path: Path | str,
    *,
    name: str = "",
    limits: Limits | None = None,
    picture: Path | str | None = None,
    slots_dir: Path | None = None,
) -> FileFacts:
    """Return the facts of a file, found by a child process within limits.

    `name` is what its owner calls it: an extension that its content contradicts is refused. With
    `picture`, a PDF's first page (at most 1,200 pixels wide, PNG or JPEG by this suffix) or a clean
    copy of a picture (same format, upright, without metadata) is written there; it is there only
    when the facts say so. Raises FileRefused with a message for the editor, FileNotFoundError for a
    path that leads nowhere, and nothing else that a file could cause.
    """
    path, limits = Path(path).resolve(strict=True), limits or Limits()
    refuse_disguised(name.replace("\0", ""))  # which no path can hold
    target = Path(picture) if picture else None
    directory = slots_dir or default_slots_dir()
    with (
        acquire_slot(limits.at_once, directory, limits.wait_seconds) as slot,
        tempfile.TemporaryDirectory(prefix="inspection-", ignore_cleanup_errors=True) as room,
    ):
        drawn = Path(room) / f"picture{target.suffix}" if target else None
        options = [f"--picture={drawn}"] if drawn else []
        command = _command(path, name, limits, options)
        facts = _ask_child(command, Path(room), slot, limits, ChildReport.facts)
        if target and drawn and facts.picture:
            shutil.move(drawn, target)
        return facts


def read_table(
    path: Path | str,
    *,
    name: str = "",
    limits: Limits | None = None,
    slots_dir: Path | None = None,
) -> Table:
    """Return the rows of a CSV or XLSX file, read by a child process within limits.

    Raises FileRefused, as `inspect_file` does, also for what is neither or has too many rows, columns or cells.
    """
    return _asked(path, ["--table"], ChildReport.table, limits or Limits(), slots_dir, name)


def preview_sheets(
    path: Path | str,
    *,
    name: str = "",
    limits: Limits | None = None,
    slots_dir: Path | None = None,
) -> tuple[SheetPreview, ...]:
    """Return the first rows of every visible sheet of a CSV, XLSX or ODS, read by a child process within limits.

    Raises FileRefused, as `inspect_file` does, also for what is none of these or has no rows.
    """
    limits = limits or Limits()
    return _asked(path, ["--preview"], ChildReport.preview, limits, slots_dir, name)


def read_document(
    path: Path | str, *, limits: Limits | None = None, slots_dir: Path | None = None
) -> DocumentText:
    """Return a PDF, DOCX or ODT that was accepted before as blocks, page by page, read by a child process within limits.

    Raises FileRefused where it cannot be read after all.
    """
    return _asked(path, ["--reading"], ChildReport.read, limits or Limits(**READING), slots_dir)


def draw_pages(
    path: Path | str,
    numbers: Sequence[int],
    folder: Path,
    *,
    limits: Limits | None = None,
    slots_dir: Path | None = None,
) -> dict[int, tuple[int, int]]:
    """Draw these pages of a PDF, counted from 1, into `folder` as `<number>.webp`, by a child process within limits.

    Returns number → width and height in pixels of those that could be drawn. Raises FileRefused where none can.
    """
    wanted = ",".join(map(str, numbers))
    options = [f"--draw={wanted}", f"--picture={folder}"]
    return _asked(path, options, ChildReport.drawings, limits or Limits(**READING), slots_dir)


def recognise_page(
    path: Path | str,
    number: int,
    *,
    limits: Limits | None = None,
    slots_dir: Path | None = None,
) -> Recognised:
    """Recognise the text of page `number` of a scanned PDF, by a child process within limits: some two seconds.

    Raises FileRefused where Tesseract is missing or fails.
    """
    options = [f"--recognise={number}"]
    return _asked(path, options, ChildReport.recognition, limits or Limits(**READING), slots_dir)


def _asked(
    path: Path | str,
    options: list[str],
    answer: Callable[[ChildReport, str], T],
    limits: Limits,
    slots_dir: Path | None,
    name: str = "",
) -> T:
    path = Path(path).resolve(strict=True)
    with (
        acquire_slot(limits.at_once, slots_dir or default_slots_dir(), limits.wait_seconds) as slot,
        tempfile.TemporaryDirectory(prefix="inspection-", ignore_cleanup_errors=True) as room,
    ):
        return _ask_child(_command(path, name, limits, options), Path(room), slot, limits, answer)


def _command(path: Path, name: str, limits: Limits, options: list[str]) -> list[str]:
    """Return the child's command. `-P` excludes its working directory from the module path."""
    command = [sys.executable, "-P", "-m", __package__, *options]
    command += [f"--limits={json.dumps(asdict(limits))}", f"--name={one_line(name[-200:])}"]
    return [*command, "--", str(path)]


def _ask_child(
    command: list[str],
    room: Path,
    slot: int,
    limits: Limits,
    answer: Callable[[ChildReport, str], T],
) -> T:
    """Run the child and return the `answer` of its report; log a refusal."""
    report = ChildReport()
    try:
        return answer(report, _run(command, room, slot, limits, report))
    except FileRefused as refusal:
        level = logging.WARNING if refusal.code in _UNFORESEEN else logging.INFO
        logger.log(level, "%s refused: %s %s", Path(command[-1]).name, refusal.code, refusal.detail)
        raise
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        # Only a file that took its reader over makes it write a report without sense.
        raise crash_refusal(f"report: {error}") from error


def _run(command: list[str], room: Path, slot: int, limits: Limits, report: ChildReport) -> str:
    """Run the child to its end, or kill it; return `ok`, `time`, `output` or `crash`."""
    child = subprocess.Popen(
        command,
        cwd=room,
        env=_ENVIRONMENT | {"TMPDIR": str(room)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=(slot,),
        start_new_session=True,
    )
    output = cast(IO[bytes], child.stdout)
    deadline = time.monotonic() + limits.wall_seconds
    try:
        broke = _listen(output, deadline, limits.max_output, report)
        if not broke:
            try:
                child.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                broke = "time"
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        output.close()
    if broke:
        return broke
    if child.returncode in _TIME_SIGNALS:
        return "time"
    return "ok" if child.returncode in (0, 1) else f"crash {child.returncode}"


def _listen(output: IO[bytes], deadline: float, most: int, report: ChildReport) -> str:
    """Read lines until the child closes its output; return the exceeded limit, or nothing."""
    source, taken, pending = output.fileno(), 0, bytearray()
    poll = select.poll()
    poll.register(source, select.POLLIN | select.POLLHUP)
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            return "time"
        if not poll.poll(left * 1_000):
            continue
        chunk = os.read(source, _CHUNK)
        if not chunk:
            return ""
        taken += len(chunk)
        if taken > most:
            return "output"
        pending += chunk
        if b"\n" not in chunk:
            continue
        *lines, rest = pending.split(b"\n")
        for line in lines:
            report.add(bytes(line))
        pending = bytearray(rest)
