"""Forms of regular verbs that hide their infinitive once accents are gone: pedí, pedía, participaría, reunirnos.

Whether a word is one, the dictionary tells: it has participar, but neither ordinar (ordinaria) nor gobier (gobiernos).
"""

import re
from collections.abc import Iterator

from search.language.dictionary import is_common, word_frequencies

_FORMS = [
    ("{}", "(?P<root>.{2,}[aei]r)(?:(?:me|te|se|nos)?l[aeo]s?|me|se|nos)"),
    ("{}ar", "(?P<root>..+)ando(?:(?:me|te|se|nos)?l[aeo]s?|me|te|se|nos)"),
    ("{}er {}ir", "(?P<root>..+)[iy]endo(?:(?:me|te|se|nos)?l[aeo]s?|me|te|se|nos)"),
    ("{}ar", "(?P<root>...+)e(?:n(?:me|nos|se|l[aeo]s?)|me|nos|se)"),
    ("{}er {}ir", "(?P<root>...+)a(?:n(?:me|nos|se|l[aeo]s?)|me|nos|se)"),
    ("{}ar", "(?P<root>..+)(?:a(?:ria|ba|ra)mos|aren?)"),
    ("{}er", "(?P<root>..+)(?:eriamos|ere)"),
    ("{}ir", "(?P<root>..+)(?:iriamos|ire)"),
    ("{}er {}ir", "(?P<root>...+)(?:i(?:a|era)?mos|ieren?)"),
]
"""Infinitives → their forms: with pronouns (pedirle, informándonos, ayúdenme), would and did, what laws write (cumpliere)."""
_LIKE_NOUNS = [
    ("{}ar", "(?P<root>..+)aria[sn]?"),
    ("{}er", "(?P<root>..+)eri?a[sn]?"),
    ("{}ir", "(?P<root>..+)iria[sn]?"),
    ("{}er {}ir", "(?P<root>...+)i(?:a[sn]?)?"),
]
"""The same for forms that end as nouns do: here the verb is one that people use, and no noun is masculine (secretario)."""
NOUNS = frozenset(
    """
    cualquiera escocia liberia liberias malaria malarias maquinaria maquinarias nigeria nutria nutrias plegaria plegarias
    quiera quieran quieras tapia tapias
    """.split()
)
"""Of those endings, though there is such a verb or a name that ends like one."""

_MORE = frozenset(
    """
    auditar automatizar catastrar cocrear compostar concesionar consensuar controlar desconcentrar digitalizar
    georreferenciar implementar interoperar lotizar monitorear normar planificar presupuestar priorizar reciclar
    reforestar reutilizar sesionar subsidiar transparentar zonificar
    """.split()
)
"""Verbs of public administration that the dictionary lacks."""
_ENDINGS = re.compile(
    "(?P<root>..+?)(?:[ae]n|[ae]s|[ae]mos|aban?|ando|ad[oa]s?|aron|aste|aras|id[oa]s?|iendo|ieron|iste|[aei]ran?)"
)
_CHANGED = [("ie(?=[^aeiou]+$)", "e"), ("ue(?=[^aeiou]+$)", "o")]
"""Vowels of a root where they are stressed → in the infinitive: requieren, requerir; devuelven, devolver."""


def is_form(word: str) -> bool:
    """Return whether a folded word has the ending of a regular verb form."""
    if infinitive(word):
        return True
    form = _ENDINGS.fullmatch(word)
    roots = {re.sub(*change, form["root"]) for change in _CHANGED} if form else ()
    return any(_is_verb(root + ending) for root in roots for ending in ("ar", "er", "ir"))


def infinitive(word: str) -> str:
    """Return the infinitive of which a folded word is a form that hides it; "" for any other word."""
    for verb in _made_of(word, _FORMS):
        if _is_verb(verb) and not (
            word[-1] == "s" and word[:-1] in word_frequencies()
        ):  # escribanos
            return verb
    for verb in _made_of(word, _LIKE_NOUNS):
        is_noun = word in NOUNS or (
            word[-1] != "i" and re.sub("as?$", "o", word) in word_frequencies()
        )
        if (verb in _MORE or is_common(verb)) and _is_verb(verb) and not is_noun:
            return verb
    return ""


def _is_verb(infinitive: str) -> bool:
    """Return whether this is an infinitive; stems of other verbs (superan: super-an) are not."""
    return _is_known(infinitive) and not _is_known(f"{infinitive}ar")


def _is_known(verb: str) -> bool:
    return verb in _MORE or verb in word_frequencies()


def _made_of(word: str, forms: list[tuple[str, str]]) -> Iterator[str]:
    for endings, form in forms:
        if match := re.fullmatch(form, word):
            yield from (ending.format(match["root"]) for ending in endings.split())
