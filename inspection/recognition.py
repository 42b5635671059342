"""Recognise the text of a scanned page with Tesseract, where it is installed, inside the limited child."""

import csv
import os
import shutil
import subprocess
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

from inspection.blocks import Block, to_json
from inspection.facts import FileRefused, Job, ReportLine
from inspection.pdf_opening import open_pdf
from inspection.recognition_program import LANGUAGE

DOTS_PER_INCH = 250
MOST_PIXELS = 25_000_000
_POINTS_PER_INCH = 72
_SECONDS = 120
"""Of one page."""
_LEAST = 30
"""Per cent: a word that Tesseract is less sure of is a speck or a drawing."""

Word = dict[str, str]
"""One row of Tesseract's TSV: level, block_num, par_num, line_num, conf, text …"""


def recognise_page(job: Job) -> Iterator[ReportLine]:
    """Yield the blocks of the one page that the job names, and how sure Tesseract is of them, in per cent.

    Raises FileRefused where the page cannot be drawn or Tesseract fails.
    """
    program = shutil.which("tesseract")
    if not program:
        raise FileRefused("no_ocr", "El reconocimiento de texto no está instalado en el servidor.")
    with TemporaryDirectory(prefix="ocr-") as folder:
        picture = Path(folder) / "pagina.png"
        _draw(job, picture)
        words = _read(program, picture)
    sure = [float(word["conf"]) for word in words]
    yield {
        "recognised": {
            "blocks": to_json(_blocks(words)),
            "confidence": round(mean(sure)) if sure else 0,
        }
    }


def _draw(job: Job, target: Path) -> None:
    page = open_pdf(job.path)[job.recognise - 1]
    width, height = page.get_size()
    scale = DOTS_PER_INCH / _POINTS_PER_INCH
    scale = min(scale, (MOST_PIXELS / max(1, width * height)) ** 0.5)
    page.render(scale=scale, grayscale=True).to_pil().save(target)


def _read(program: str, picture: Path) -> list[Word]:
    command = [program, str(picture), "stdout", "-l", LANGUAGE, "--psm", "3", "tsv"]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=True,
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},
        )
    except (subprocess.SubprocessError, OSError) as failed:
        raise FileRefused(
            "ocr", "No se pudo reconocer el texto de una página escaneada.", str(failed)[:300]
        ) from failed
    rows = csv.DictReader(done.stdout.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [row for row in rows if row["text"].strip() and float(row["conf"]) >= _LEAST]


def _blocks(words: list[Word]) -> list[Block]:
    """Return the paragraphs that Tesseract found, words split at line ends joined."""
    found = []
    for _, group in groupby(words, key=lambda word: (word["block_num"], word["par_num"])):
        lines = [
            " ".join(word["text"] for word in line)
            for _, line in groupby(group, key=lambda word: word["line_num"])
        ]
        found.append(Block("paragraph", _joined(lines)))
    return found


def _joined(lines: list[str]) -> str:
    text = ""
    for line in lines:
        is_cut = text.endswith("-") and text[-2:-1].isalpha() and line[:1].islower()
        text = text[:-1] + line if is_cut else f"{text} {line}".strip()
    return text
