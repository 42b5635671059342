"""Clean extracted text for index, storage and display."""

import re
import unicodedata
from datetime import date

MAX_PIECES = 10
"""How many pieces of a page's size are kept of a text that has no pages."""

_CUT = re.compile("[\u0002\ufffe]\n?")
_CUT_WORD = re.compile("[\u0002\ufffe]\n?(?=[a-záéíóúüñ])")
_SOFT_HYPHEN = re.compile("\u00ad\n?")
_AROUND = 40
"""Characters on each side of a cut that tell what was cut."""
_LAST_LETTERS = re.compile(r"[^\W\d_]+$")
_FIRST_LETTERS = re.compile(r"[^\W\d_]*")
_CODE = re.compile(r"[^\W\d_]*-\d")
_NOTE = re.compile(r"\d{1,3} ?[A-ZÁÉÍÓÚÑ][a-záéíóúñ]")
_PAGE_NUMBER = re.compile(r"\W*\d{1,3}\W*\Z")
_NO_SYLLABLE = re.compile("[^AEIOUÁÉÍÓÚÜ][AEIOUÁÉÍÓÚÜ]")
_APART = re.compile(
    "([´˜¨~])((?<=´)[aeiouıAEIOU]|(?<=˜)[nN]|(?<=¨)[uU]|(?<=[a-zA-Z]~)[nN](?=[aeiouáéíóúAEIOU]))"
)
_MARKS = {"´": "\u0301", "˜": "\u0303", "~": "\u0303", "¨": "\u0308"}
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}")
_CASES = {2: str.upper, 4: str.capitalize}
_DATE = re.compile(r"(?:D:)?\s*(\d{4})-?(\d\d)?-?(\d\d)?")


def clean_text(raw: str) -> str:
    """Join words split at line ends, and accents with their letters; drop control characters, normalise to NFC.

    PDFium marks a hyphen at a line's end with U+0002 or U+FFFE; U+00AD is a soft one anywhere. The fonts of older TeX draw an
    accent before its letter, as a sign of its own: notaci´on, dise˜no or dise~no, ´ındice.
    """
    text = _SOFT_HYPHEN.sub("", raw.replace("\r\n", "\n").replace("\r", "\n"))
    text = _APART.sub(lambda match: match[2].replace("ı", "i") + _MARKS[match[1]], text)
    text = unicodedata.normalize("NFC", text).replace("\u2010\n", "\u0002")
    text = _CUT.sub(_mended, _CUT_WORD.sub("", text))
    return _CONTROL.sub("", text).strip()


def _mended(cut: re.Match[str]) -> str:
    """Return the replacement of a hyphen at a line end: nothing inside a word, the hyphen inside a name or a number.

    A footnote or a page's foot may follow instead of the rest of the word: then the line ends here.
    """
    before = cut.string[max(0, cut.start() - _AROUND) : cut.start()]
    after = cut.string[cut.end() : cut.end() + _AROUND]
    if after[:1].islower():  # of another alphabet: the usual ones are joined already
        return ""
    last = _LAST_LETTERS.search(before)
    begins = _FIRST_LETTERS.match(after)
    first, rest = last[0] if last else "", begins[0] if begins else ""
    if rest and (first + rest).isupper():
        # RE-SERCOP-2016 is a number; no Spanish syllable begins with the vowel of INEN-ISO.
        is_name = _CODE.match(after) or _NO_SYLLABLE.match(first[-1:] + rest)
        return "-" if is_name else ""
    is_foot = first[:1].islower() and _PAGE_NUMBER.match(after)
    if _NOTE.match(after) or is_foot or (rest and first[:1].islower()):
        return "-\n"
    return "-"


def truncate_bytes(text: str, max_bytes: int) -> str:
    """Return the longest prefix of a text that fits in `most` bytes of UTF-8."""
    if len(text) * 4 <= max_bytes:
        return text
    return text.encode("utf-8", "replace")[:max_bytes].decode("utf-8", "ignore")


def split_bytes(text: str, max_bytes: int) -> tuple[list[str], bool]:
    """Split a text without pages in up to ten pieces of `most` bytes; return also whether that is all of it.

    Always at least one piece, which is empty for an empty text.
    """
    found: list[str] = []
    rest = text
    while rest and len(found) < MAX_PIECES:
        piece = truncate_bytes(rest, max_bytes)
        if len(piece) < len(rest) and "\n" in piece:
            piece = piece[: piece.rindex("\n") + 1]
        if not piece:
            break
        found.append(piece.strip("\n"))
        rest = rest[len(piece) :]
    return found or [""], not rest


def one_line(raw: str, max_chars: int = 300) -> str:
    """Return a title or a name from a stranger's file on one line, without unprintable characters."""
    visible = "".join(c if c.isprintable() else " " for c in clean_text(raw[: max_chars * 4]))
    return " ".join(visible.split())[:max_chars]


def language_tag(raw: str) -> str:
    """Return a BCP 47 tag in its usual case (`es-EC`, `zh-Hans`), or "" for anything else."""
    tag = raw.strip().replace("_", "-")
    if not _LANGUAGE.fullmatch(tag):
        return ""
    first, *rest = tag.split("-")
    return "-".join([first.lower(), *(_CASES.get(len(part), str.lower)(part) for part in rest)])


def stated_date(raw: str) -> date | None:
    """Return the day in a PDF date (ISO 32000-1, 7.9.4) or an ISO 8601 one, or None."""
    match = _DATE.match(raw)
    if not match:
        return None
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None
