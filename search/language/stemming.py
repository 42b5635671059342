"""Spanish words: one folded word becomes its stem, the same for its plural, its verb or noun, its adjective.

stop words → words of their own, irregular forms → singular → endings that Snowball leaves → Snowball Spanish → a verb's noun.
"""

import re
from collections.abc import Callable

from search.language.verbs import infinitive
from search.language.words import IRREGULAR, NOUN_OF_VERB, OF_ITS_OWN, STOP_WORDS

LONGEST = 40  # characters of a word that count; no Spanish word is longer


def _stemmer() -> Callable[[str], str]:
    """Return Snowball's Spanish stemmer: in C where PyStemmer is installed, else the same in Python."""
    try:
        import Stemmer
    except ImportError:
        import snowballstemmer

        return snowballstemmer.stemmer("spanish").stemWord
    stemmer = Stemmer.Stemmer(
        "spanish", 0
    )  # its own cache is not safe across threads; ours is below
    return stemmer.stemWord


_snowball = _stemmer()


def singular(word: str) -> str:
    """Return the folded noun `word` without its plural: without this, gobierno and gobiernos get different stems.

    Right more often than a dictionary is worth: -es after a consonant goes whole, for Snowball drops the -e of
    "informe" and "clase" anyway, but not that of -ble and -nte; -is and -us (crisis, virus) stay.
    """
    if len(word) < 4 or word[-1] != "s":
        return word
    if word.endswith(("bles", "ntes")):
        return word[:-1]
    before = word[-2]
    if before == "e" and word[-3] not in "aeiou":
        return word[:-2] if len(word) > 4 else word[:-1]  # meses, ejes
    if (
        before == "e" and word[-3] == "i" and len(word) > 5
    ):  # leyes is regular; bambúes, rubíes are rare: series, especies
        return word[:-1]
    return word if before in "isu" else word[:-1]  # GADs, PDFs


class _Stems(dict[str, str]):
    """Folded word → stem, derived once."""

    def __missing__(self, folded: str) -> str:
        stemmed = _derive(folded)
        if len(self) < 300_000 and len(folded) <= LONGEST:  # 40 MB: more is not Spanish
            self[folded] = stemmed
        return stemmed


STEMS = _Stems()


def stem(folded: str) -> str:
    """Return the stem of a folded word; "" for a stop word. Words of other alphabets and numbers are their own stem."""
    return STEMS[folded]


_VERB_IN_ICAR = re.compile("(?:icacion|icador|icadora|(?<=if)ic[ao]|ique|iquen)$")
"""Endings before which Snowball leaves out -ic-, but not in the infinitive (planificación, planificar)."""

_DERIVED = [
    (re.compile("(?<=.{4})([ai])miento$"), r"\1r"),
    (re.compile("(?<=.{3})(?<!na)cional$"), "cion"),  # nacional is no nación
    (re.compile("(?<=.{3})mentari[oa]$"), "mento"),  # nor comentario a comento
    (re.compile("(?<=..)(log|graf|nom)ic[oa]$"), r"\1ia"),
    (re.compile("(adjud|ded|errad|reivind|ub|pl|comun|ind)ic[ao]$"), r"\1icar"),
]
"""Endings that Snowball leaves on short words → those of the word they are made of: cumplimiento, institucional, reglamentario."""


_VERB_FORMS = [
    (re.compile("(?<=.{3}[aei]r)(?:l[aeo]s?|se)$"), ""),
    (re.compile("(?<=..[aei]r)(?:emos|iamos)$"), ""),
    (re.compile("pon(?:go|gan?|dr(?:i?an?|emos))$"), "poner"),
    (re.compile("(?<=.)t(?:ienen?|engan?|endr(?:i?an?|emos))$"), "tener"),
    (re.compile("(?<=.{3})(?<!gr)(?<!tr)(?<!rest)([ae])mos$"), r"\1r"),
    (re.compile("(?<=[aeou])zc(?:o|an?)$"), "cer"),
    (re.compile("(?<=.{3})(?<!ret)(?<!sp)(?<!dm)(?<!xp)iri?an?$"), "ir"),
    (re.compile("(?:(?<=.[ln]e)|(?<=[^p]re)|(?<=.no)|(?<=ven))cio$"), "cer"),
    (re.compile("((?:ce|ve)d|(?:po|te|ve|re)nd|met|mov|olv)io$"), r"\1er"),
    (re.compile("((?:c|oh|scr)ib|ist|mit|umpl|viv)io$"), r"\1ir"),
    (re.compile("(?<!cab)([eo]c|lv|ov|[cm]e[dt]|[eo]nd)eri?an?$"), r"\1er"),
]
"""Endings of verbs that hide the infinitive → its ending: pedirla, participamos, disponga, contiene, conozca, decidirá, emitió."""


def _infinitive(word: str) -> str:
    """Return the infinitive, or the noun whose stem it takes, of a form that hides it; "" for other words."""
    changed = (form.sub(ending, word) for form, ending in _VERB_FORMS if form.search(word))
    verb = infinitive(word) or next(changed, "")
    return IRREGULAR.get(verb, verb)


def _derive(folded: str) -> str:
    stemmed = _derive_alone(folded)
    return _NOUNS.get(stemmed, stemmed)


def _derive_alone(folded: str) -> str:
    """Return the stem of a word by itself, a verb's where that is another one than its noun's."""
    word = folded[:LONGEST]
    if word in STOP_WORDS:
        return ""
    if word.isdigit():
        return word.lstrip("0") or "0"  # Resolución 012
    one = singular(word)
    base = IRREGULAR.get(word) or IRREGULAR.get(one) or _infinitive(word) or one
    for noun in (word.removesuffix("s"), base):
        if noun in OF_ITS_OWN:
            return noun
    if base.endswith("bilidad") and len(base) > 9:  # not habilidad
        base = f"{base[:-7]}ble"
    if base.endswith("ble") and len(base) > 5:  # accesible is no acceso
        return base[:-1]
    if len(base) > 5:
        base = _VERB_IN_ICAR.sub("icar", base)
    for ending, original in _DERIVED:
        base = ending.sub(original, base)
    if base in OF_ITS_OWN:
        return base
    stemmed = _snowball(base) or base
    return stemmed[:-1] + "c" if stemmed[-1] == "z" else stemmed  # voz, voces; capaz, capaces


_NOUNS = {_derive_alone(verb): _derive_alone(noun) for verb, noun in NOUN_OF_VERB.items()}

_FORMS: dict[str, list[str]] = {}
for _word in (*IRREGULAR, *NOUN_OF_VERB):
    _FORMS.setdefault(stem(_word), []).append(_word)


def other_forms(stemmed: str) -> list[str]:
    """Return the verbs and irregular forms, folded, whose stem this is: they may begin in another way."""
    return _FORMS.get(stemmed, [])
