"""Check MP3 frames and MP4 boxes for completeness, and read the duration."""

import re
import struct
from collections.abc import Iterator
from typing import BinaryIO, NoReturn

from inspection.facts import FileRefused, Job, ReportLine
from inspection.signatures import FileType

_BITRATES = {  # kbit/s by index, layer III: MPEG 1, then MPEG 2 and 2.5 (ISO 11172-3, 13818-3)
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_VIDEO_TRACK = re.compile(rb"hdlr.{8}vide", re.DOTALL)
_MAX_INDEX = 32_000_000
_SEARCH = 65_536
_MAX_BOXES = 10_000


def read(job: Job, found: FileType) -> Iterator[ReportLine]:
    """Yield the duration, where the file states it cheaply."""
    with job.path.open("rb") as stream:
        size = job.path.stat().st_size
        facts = _mp3(stream, size) if found.extension == "mp3" else _mp4(stream, size)
    yield {"facts": facts}


def _refuse(what: str, why: str) -> NoReturn:
    raise FileRefused(
        "damaged",
        f"El {what} está incompleto o dañado y no se podría reproducir. Compruebe que se oye o se "
        "ve hasta el final, expórtelo de nuevo y súbalo otra vez.",
        detail=why,
    )


def _mp3(stream: BinaryIO, size: int) -> ReportLine:
    """Return the duration; two frames in a row prove the type, the Xing header or the bit rate give the seconds."""
    start = _after_id3(stream)
    stream.seek(start)
    window = stream.read(_SEARCH)
    at = window.find(b"\xff")
    while 0 <= at < len(window) - 4:
        frame = _frame(window[at : at + 4])
        if frame and _frame(window[at + frame[0] : at + frame[0] + 4]):
            length, bitrate, rate, samples = frame
            seconds = _xing_seconds(window[at : at + length], rate, samples)
            seconds = seconds or (size - start - at) * 8 / (bitrate * 1_000)
            return {"duration": round(seconds, 1)}
        at = window.find(b"\xff", at + 1)
    _refuse("audio MP3", "no two frames in a row")


def _after_id3(stream: BinaryIO) -> int:
    """Return the offset where an ID3v2 tag ends (its size has seven bits to a byte); 0 when there is none."""
    stream.seek(0)
    head = stream.read(10)
    if len(head) < 10 or not head.startswith(b"ID3"):
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size + (10 if head[5] & 0x10 else 0)


def _frame(header: bytes) -> tuple[int, int, int, int] | None:
    """Return length in bytes, kbit/s, samples per second and samples of a layer III frame, or None."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return None
    version, index, rate_index = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or index in (0, 15) or rate_index == 3:
        return None
    bitrate, rate = _BITRATES[version == 3][index], _RATES[version][rate_index]
    samples = 1_152 if version == 3 else 576
    return samples // 8 * bitrate * 1_000 // rate + (header[2] >> 1 & 1), bitrate, rate, samples


def _xing_seconds(frame: bytes, rate: int, samples: int) -> float | None:
    for mark in (b"Xing", b"Info"):
        at = frame.find(mark)
        if at > 0 and len(frame) >= at + 12 and frame[at + 7] & 1:
            (frames,) = struct.unpack(">I", frame[at + 8 : at + 12])
            return frames * samples / rate
    return None


def _mp4(stream: BinaryIO, size: int) -> ReportLine:
    """Walk the top boxes (ISO 14496-12, 4.2): all must fit, with an index and data among them."""
    order: list[bytes] = []
    seconds = None
    for kind, start, end in _boxes(stream, 0, size):
        order.append(kind)
        if kind == b"moov":
            _refuse_without_picture(stream, start, end)
            seconds = _movie_seconds(stream, start, end)
    if b"moov" not in order or not {b"mdat", b"moof"} & set(order):
        _refuse("video MP4", f"boxes: {order[:20]}")
    notes = []
    if b"mdat" in order and order.index(b"mdat") < order.index(b"moov"):
        notes.append(
            "El video no puede empezar a verse hasta descargarse entero. Conviene exportarlo con "
            "la opción de inicio rápido («fast start» o «optimizado para web»)."
        )
    return {"duration": seconds, "notes": notes}


def _refuse_without_picture(stream: BinaryIO, start: int, end: int) -> None:
    """Look for a track whose handler is `vide` (8.4.3) in the index's first megabytes."""
    stream.seek(start)
    if not _VIDEO_TRACK.search(stream.read(min(end - start, _MAX_INDEX))):
        raise FileRefused(
            "unsupported",
            "El archivo es un MP4 que solo tiene sonido. Conviértalo a MP3 y súbalo de nuevo.",
        )


def _boxes(stream: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield type, start of content and end of each box between two offsets in bytes."""
    at = start
    for _ in range(_MAX_BOXES):
        if at >= end:
            return
        stream.seek(at)
        header = stream.read(16)
        if len(header) < 8:
            _refuse("video MP4", f"half a box at {at}")
        length, content = int.from_bytes(header[:4], "big"), at + 8
        if length == 1:
            length, content = int.from_bytes(header[8:16], "big"), at + 16
        box_end = end if length == 0 else at + length
        if box_end > end or box_end < content:
            _refuse("video MP4", f"box {header[4:8]!r} of {length} bytes at {at}")
        yield header[4:8], content, box_end
        at = box_end
    _refuse("video MP4", "too many boxes")


def _movie_seconds(stream: BinaryIO, start: int, end: int) -> float | None:
    for kind, content, _ in _boxes(stream, start, end):
        if kind == b"mvhd":
            stream.seek(content)
            header = stream.read(32)
            if len(header) < 32:
                return None
            fields = ">IQ" if header[0] == 1 else ">II"
            scale, duration = struct.unpack_from(fields, header, 20 if header[0] == 1 else 12)
            return round(duration / scale, 1) if scale and duration else None
    return None
