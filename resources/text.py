"""Small pure rules about words and numbers: folding for order and comparison, addresses, file names."""

import re
import unicodedata
from collections.abc import Callable

from django.utils.text import slugify

# XML 1.0, section 2.2: control characters but tab and line feed, halves of pairs, non-characters.
UNPRINTABLE = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

LAST = "\U0010ffff"  # sorts after whatever a text may go on with, in the order of code points


def fold(text: str) -> str:
    """Return `text` in lower case and without accents, white space squeezed; two names are the same when this is.

    The letter ñ stays itself: "año" and "ano" are different words.
    """
    kept = re.sub("[ñÑ]", "\0", text)
    bare = "".join(c for c in unicodedata.normalize("NFD", kept) if not unicodedata.combining(c))
    return " ".join(bare.replace("\0", "ñ").casefold().split())


def printable(text: str) -> str:
    """Return `text` without the characters that XML refuses; line ends become line feeds."""
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def sort_key(title: str) -> str:
    """Return the key that puts titles in Spanish order in any database: letters before marks, ñ after n."""
    words = re.sub(r"[^\w\s]+", " ", fold(title)).split()
    return " ".join(words).replace("ñ", "n~")[:250]


def thousands(number: int) -> str:
    """Write a whole number with points between the thousands, as Ecuador does."""
    return f"{number:,}".replace(",", ".")


def free_slug(title: str, *, limit: int, is_taken: Callable[[str], bool], fallback: str) -> str:
    """Return the slug of the whole `title` in ASCII, numbered ("-2", "-3" …) until it is not taken.

    `limit` is the greatest length in characters; `fallback` stands in for a title without any letter.
    """
    base = slugify(title)[:limit].strip("-") or fallback
    slug, number = base, 1
    while is_taken(slug):
        number += 1
        tail = f"-{number}"
        slug = f"{base[: limit - len(tail)]}{tail}"
    return slug


def ascii_file_name(stem: str, extension: str) -> str:
    """Return a file name safe in any address, header and operating system: "Guía 1" + "pdf" → "guia-1.pdf"."""
    return f"{slugify(stem)[:120].strip('-') or 'archivo'}.{extension}"
