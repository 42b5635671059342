"""Read the rows of a CSV or tab-separated text in any encoding and with any separator of a spreadsheet."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from inspection.detect import looks_binary
from inspection.facts import FileRefused, Job

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ONE_BYTE = ("cp1252", "mac_roman", "cp850")
"""As Excel writes a CSV on Windows, on a Mac and "for MS-DOS", in order of preference."""
_SPANISH = re.compile(r"(?<=[A-Za-z])[áéóúñ]|[áéóúñ](?=[a-z])")
"""Letters by which an encoding is told. Not í: in MacRoman it is the apostrophe of cp1252."""
_SEPARATOR_LINE = re.compile(r'"?sep=(\\t|[^\w"\r\n])"?[,;\t ]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
"""The line by which a CSV tells Excel its separator."""


def is_utf_16(head: bytes) -> bool:
    """Return whether a file begins with the byte order mark of UTF-16, as Excel's "Unicode text" does."""
    return head.startswith(_UTF_16) and not head.startswith(codecs.BOM_UTF32_LE)


def rows(job: Job) -> Iterator[tuple[int, list[str]]]:
    """Yield the number, as a spreadsheet counts it, and the texts of each row."""
    text = _decoded(job.path.read_bytes())
    declared = _SEPARATOR_LINE.match(text)
    if declared:
        text = text[declared.end() :]
        delimiter = "\t" if declared[1] == "\\t" else declared[1]
    else:
        delimiter = max(",;\t|", key=_first_line(text).count)
    csv.field_size_limit(job.limits.max_output)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from enumerate(reader, 1)
    except csv.Error as error:
        if "field limit" in str(error):
            raise FileRefused("too_much_text", "Una celda es demasiado larga.") from error
        raise FileRefused(
            "damaged",
            "El CSV tiene una comilla sin cerrar o una fila rota. Ábralo en una hoja de cálculo y guárdelo de nuevo.",
            str(error),
        ) from error


def _first_line(text: str) -> str:
    """Return the first line with content: the headings."""
    return next((line for line in io.StringIO(text) if line.strip(" \t\r\n,;")), "")


def _decoded(content: bytes) -> str:
    if is_utf_16(content):
        text = content.decode("utf-16", "replace")
        if "\ufffd" in text or looks_binary(text.encode("utf-8", "replace")):
            _refuse_encoding()
        return text
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    found = {encoding: content.decode(encoding, "replace") for encoding in _ONE_BYTE}
    best = max(_ONE_BYTE, key=lambda encoding: len(_SPANISH.findall(found[encoding])))
    if "\ufffd" in found[best]:
        _refuse_encoding()
    return found[best]


def _refuse_encoding() -> None:
    raise FileRefused(
        "encoding", "No se reconoce el alfabeto del archivo: guárdelo como CSV UTF-8."
    )
