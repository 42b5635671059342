"""Pure rules of text: folding for order and comparison, slugs, file names, numbers."""

import re
import unicodedata
from collections.abc import Callable

from django.utils.text import slugify

# XML 1.0, section 2.2: control characters but tab and line feed, halves of pairs, non-characters.
UNPRINTABLE = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Soft hyphen, zero-width spaces, word joiner, byte order mark; joiners only where no emoji or Asian script needs them.
_INVISIBLE = re.compile(
    "[\u00ad\u180e\u200b\u2060-\u2064\ufeff]"
    "|[\u200c\u200d](?![^\u0000-\u024f])|(?<![^\u0000-\u024f])[\u200c\u200d]"
)
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ODD_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")

# In a slug these join what is around them: d'Or, N.º.
_JOINING = re.compile(r"['’‘ʼ`´]|\.(?=[ºª])")

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t#]*$", re.MULTILINE)
_LINKED = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"[*_`]")

LAST = "\U0010ffff"  # sorts after whatever a text may go on with, in the order of code points


def fold(text: str) -> str:
    """Return `text` in lower case without accents and with single spaces, to compare names.

    The letter ñ stays itself: "año" and "ano" are different words.
    """
    kept = re.sub("[ñÑ]", "\0", composed(text))
    bare = "".join(c for c in unicodedata.normalize("NFD", kept) if not unicodedata.combining(c))
    return " ".join(bare.replace("\0", "ñ").casefold().split())


def composed(text: str) -> str:
    """Return `text` in NFC and without invisible characters: Apple writes "ñ" as two characters, others as one."""
    if text.isascii():
        return text
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text))


def one_line(text: str) -> str:
    """Return a title or a name as `composed` does, with plain spaces and without bidirectional marks."""
    if text.isascii():
        return text
    plain = _ODD_SPACE.sub(" ", _DIRECTION.sub("", composed(text)))
    return text if plain == text else plain.strip(" ")


def printable(text: str) -> str:
    """Return `text` without characters that XML forbids; line ends become line feeds."""
    if text.isprintable():  # nearly every title and name
        return text
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def sort_key(title: str) -> str:
    """Return a key for Spanish order in any database: letters before marks, ñ after n."""
    words = re.sub(r"[^\w\s]+", " ", fold(title)).split()
    return " ".join(words).replace("ñ", "n~")[:250]


def first_heading(markdown: str) -> str:
    """Return the words of the first heading of a Markdown text, without marks; "" where it has none."""
    if found := _HEADING.search(markdown):
        return " ".join(_MARKS.sub("", _LINKED.sub(r"\1", found[1])).split())
    return ""


def thousands(number: int) -> str:
    """Format a whole number with points between the thousands, as in Ecuador."""
    return f"{number:,}".replace(",", ".")


def slug_of(text: str) -> str:
    """Return the slug of `text` in ASCII: "Ord. 14/2024" → "ord-14-2024"; only apostrophes join."""
    joined = _JOINING.sub("", composed(text))
    spread = unicodedata.normalize("NFKD", joined)
    parts = "".join(c if c.isalnum() or unicodedata.combining(c) else "-" for c in spread)
    return slugify(parts)


def free_slug(title: str, *, limit: int, is_taken: Callable[[str], bool], fallback: str) -> str:
    """Return the slug of the whole `title` in ASCII, numbered ("-2", "-3" …) until it is free.

    `limit` is the greatest length in characters; `fallback` stands in for a title without any letter.
    """
    base = slug_of(title)[:limit].strip("-") or fallback
    slug, number = base, 1
    while is_taken(slug):
        number += 1
        tail = f"-{number}"
        slug = f"{base[: limit - len(tail)]}{tail}"
    return slug


def ascii_file_name(stem: str, extension: str) -> str:
    """Return a file name safe in any address, header and operating system: "Guía 1" + "pdf" → "guia-1.pdf"."""
    return f"{slug_of(stem)[:120].strip('-') or 'archivo'}.{extension}"


YES, NO = "sí", "no"


def yes_or_no(value: bool) -> str:
    """Format a boolean for a cell."""
    return YES if value else NO
