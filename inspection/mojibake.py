"""Repair mojibake: text that was decoded with the wrong encoding, where that leaves clean words."""

import re
from collections.abc import Iterator
from contextlib import suppress

_ENCODINGS = ("latin-1", "cp1252", "mac_roman", "cp850", "cp437")
_SMALL = "a-zß-öø-ÿ"
_CAPITAL = "A-ZÀ-ÖØ-Þ"
_SIGN = r"(?:[^\x00-\x7f’´·‐‑–…«»“”ºª{letters}]|[$^~|{{}}<>\[\]=*\\])"
_MISREAD = re.compile(
    "|".join(
        (
            r"[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\ufffd\ue000-\uf8ff\u2500-\u259f]",  # no title has these
            rf"[ÃÂ](?![{_CAPITAL}{_SMALL}\s]|$)|[ÃÂ][\xa0×÷]|â€|â‚|√\S",  # UTF-8 read as one letter a byte
            rf"(?<=[{_SMALL}]){_SIGN.format(letters=_SMALL)}(?=[{_SMALL}])",  # "gesti¢n", "gestiÛn", "gesti—n"
            rf"(?<=[{_CAPITAL}]){_SIGN.format(letters=_CAPITAL + '—')}(?=[{_CAPITAL}])",  # "GESTIóN"
        )
    )
)
_USUAL = re.compile(r"[\x20-\x7eáéíóúüñÁÉÍÓÚÜÑ¿¡«»“”‘’–—º°ª…€·]")
_MOST_ROUNDS = 3  # some files were misread twice


def count_garbled(text: str) -> int:
    """Count the places of a text that a wrong decoding left."""
    swapped = sum(ord(letter) > 0xFF and ord(letter) & 0xFF == 0 for letter in text)
    return len(_MISREAD.findall(text)) + swapped


def repair_mojibake(text: str) -> str:
    """Return the text re-decoded if that leaves fewer mojibake sequences, else unchanged."""
    if text.isascii() and "\0" not in text:
        return text
    for _ in range(_MOST_ROUNDS):
        if not count_garbled(text):
            break
        likely = min([text, *_unicode_readings(text)], key=_strangeness)
        text = (
            likely if likely != text else min([text, *_one_byte_readings(text)], key=_strangeness)
        )
    return text


def _strangeness(text: str) -> tuple[int, int]:
    """Return a sort key for readings: misread places first, then characters that Spanish does not use."""
    return count_garbled(text), len(_USUAL.sub("", text))


def decode_pdf_string(raw: bytes, fallback: str) -> str:
    """Decode a PDF text string (ISO 32000-2, 7.9.2.2); `fallback` is its reading as PDFDocEncoding."""
    if raw.startswith((b"\xfe\xff", b"\xff\xfe")):
        orders = ("utf-16-be", "utf-16-le") if raw[0] == 0xFE else ("utf-16-le", "utf-16-be")
        return repair_mojibake(
            min((raw[2:].decode(order, "replace") for order in orders), key=count_garbled)
        )
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in raw:
        return repair_mojibake(raw.decode("latin-1"))
    with suppress(UnicodeDecodeError):
        return repair_mojibake(raw.decode("utf-8"))
    return repair_mojibake(fallback)


def _unicode_readings(text: str) -> Iterator[str]:
    """Return the bytes decoded as UTF-8 or UTF-16; other text seldom happens to be valid in them."""
    with suppress(UnicodeError):
        if "\0" in text or text.startswith(("þÿ", "ÿþ")):
            raw = text.encode("latin-1")
            bare = raw.removeprefix(b"\xfe\xff").removeprefix(b"\xff\xfe")
            yield bare.decode("utf-16-be" if bare[:1] == b"\0" else "utf-16-le")
    with suppress(UnicodeError):
        yield text.encode("utf-16-be").decode("utf-16-le")
    for wrong in _ENCODINGS:
        with suppress(UnicodeError):
            yield text.encode(wrong).decode("utf-8")


def _one_byte_readings(text: str) -> Iterator[str]:
    for right in _ENCODINGS:
        for wrong in _ENCODINGS:
            with suppress(UnicodeError):
                yield text.encode(wrong).decode(right)
