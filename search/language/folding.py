"""Case and accent folding."""

import re
import unicodedata

_ODD = re.compile(r"[^\x00-\x7fñ]+")
_BARE = str.maketrans("áàäâãåéèëêíìïîóòöôõúùüûçª°º", "aaaaaaeeeeiiiiooooouuuucaoo")


def fold(text: str) -> str:
    """Return `text` in lower case without accents; ñ stays itself: "año" and "ano" are different words."""
    text = text.lower()
    if text.isascii():
        return text
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return _ODD.sub(_bare, text.translate(_BARE))


def _bare(match: re.Match) -> str:
    """Return characters without diacritics; compatibility forms (ﬁ, ２) become plain letters."""
    spread = unicodedata.normalize("NFKD", match.group())
    return "".join(c for c in spread if not unicodedata.combining(c)).lower()
