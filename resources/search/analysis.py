"""The one analyser: Spanish text becomes stems, for every engine alike.

text → fold accents → singular → Snowball Spanish, with stop words left out and CamelCase split. Raising
`ANALYZER_VERSION` when any of this, or what an engine stores, changes makes a system check ask for `manage.py reindex`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

ANALYZER_VERSION = 9
LONGEST = 40  # characters of a word that count; no Spanish word is longer

_WORD = re.compile(r"[^\W_]+")
_WRITTEN = re.compile(r"[^\W_]+(?:(?<=\d)\.[ºª])?")  # "2.º" is one word
_ORDINAL_POINT = re.compile(r"(?<=\d)\.(?=[ºª])")
_CAMEL = re.compile(r"[A-ZÁÉÍÓÚÜÑ](?<=[a-záéíóúüñ].)(?=[a-záéíóúüñ])")  # the capital first: rare
_MARKS = re.compile(r"[^\x00-\xff\w\u0300-\u036f]+")
_ODD = re.compile(r"[^\x00-\x7fñ]+")
_BARE = str.maketrans("áàäâãåéèëêíìïîóòöôõúùüûçª°º", "aaaaaaeeeeiiiiooooouuuucaoo")

STOP_WORDS = frozenset(
    """
    a al algo algun alguna algunas alguno algunos ante aquel aquella aquello aqui asi aun
    aunque bajo cada casi como con contra cosa cosas cual cuales cualquier cuando cuanta
    cuantas cuanto cuantos cuya cuyo da dan de debe deben debo deberia del desde dice dicen
    donde dos e el ella ellas ello ellos en encontrar encuentro entonces entre era eran eres
    es esa esas ese eso esos esta estaba estan estar estas este esto estos estoy explica
    explicame favor fue fueron fui ha haber habia hace hacen hacer hacia hago han hasta hay
    he hola ir la las le les lo los mas me mi mia mio mis mucho muy nada ni no nos nosotras
    nosotros nuestra nuestras nuestro nuestros o otra otras otro otros para pero poco
    podemos podria por porque pude puede pueden puedo pues que quien quienes quiere quiero
    saber se sea sean segun ser si sido sin sobre solo son soy su sus tal tambien tampoco
    tan tanto te tener tenemos tengo tiene tienen toda todas todo todos tras tu tus u un una
    unas uno unos usted ustedes va van ver vez vosotros voy y ya yo necesito busco buscar
    buscando sirve significa
    """.split()
)


class Token(NamedTuple):
    """One word of a text: its stem ("" for a stop word), its folded form, and where it stands (characters)."""

    stem: str
    folded: str
    start: int
    end: int


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


def fold(text: str) -> str:
    """Return `text` in lower case without accents; ñ stays itself: "año" and "ano" are different words."""
    text = text.lower()
    if text.isascii():
        return text
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return _ODD.sub(_bare, text.translate(_BARE))


def _bare(match: re.Match) -> str:
    """Return what is left of characters without marks; compatibility forms (ﬁ, ２) become plain letters."""
    spread = unicodedata.normalize("NFKD", match.group())
    return "".join(c for c in spread if not unicodedata.combining(c)).lower()


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
        return word[:-2]
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


_stems = _Stems()


def stem(folded: str) -> str:
    """Return the stem of a folded word; "" for a stop word. Words of other alphabets and numbers are their own stem."""
    return _stems[folded]


_IRREGULAR = {
    word: noun
    for noun, forms in {
        "abierto": "abrir abre abren abriendo",
        "articulo": "art arts",
        "numero": "num nro",
        "solicitud": """solicitar solicita solicitan solicito solicite soliciten solicitado solicitada solicitados
            solicitadas solicitando solicitante solicitantes""",
        "respuesta": """responder responde responden respondo responda respondan respondio respondieron respondido
            respondida""",
        "propuesta": """proponer propone proponen propongo proponga propongan propuso propuesto propuestos
            proponiendo""",
        "reunion": "reunir reune reunen reunirse reunido reunidos reunida",
        "juventud": "joven jovenes juvenil",
        "vigencia": "vigente vigentes",
        "discapacidad": "discapacitado discapacitada discapacitados discapacitadas",
        "adhesion": "adherir adherirse adhiere adhieren adhirio adherido adherida",
        "convocatoria": "convocar convoca convocan convoco convocado convocada convocando",
        "promesa": "prometer promete prometen prometio prometido",
        "corrupcion": "corrupto corrupta corruptos corruptas",
        "comunicacion": "comunica comunican",
        "aprobacion": "aprueba aprueban apruebe aprueben apruebo",
        "resolucion": "resolver resuelve resuelven resuelva resuelvan resolvio resuelto resuelta resueltos",
        "negar": "negacion niega niegan niegue nieguen",
        "denegacion": "deniega deniegan deniegue denieguen",
        "requerir": "requiere requieren requiera requieran requirio requiriendo",
        "devolucion": "devolver devuelve devuelven devuelva devuelvan devolvio devuelto devuelta",
        "remocion": "remover remueve remueven remueva removio removido removida",
        "adquisicion": "adquirir adquiere adquieren adquiera adquieran adquirio adquirido adquirida adquiridos",
        "transferencia": "transferir transfiere transfieren transfiera transfirio transferido transferida",
        "convertir": "convierte convierten convierta conviertan convirtio",
        "atencion": "atender atiende atienden atienda atiendan atendio atendido atendida",
        "prevencion": "prevenir previene previenen prevenga prevengan prevenido prevenida",
        "obtencion": "obtener obtiene obtienen obtengo obtenga obtengan obtuvo obtenido obtenida",
        "mantenimiento": "mantener mantiene mantienen mantenga mantengan mantuvo mantenido mantenida",
        "inclusion": "incluir incluye incluyen incluya incluyan incluyo incluido incluida incluidos",
        "exclusion": "excluir excluye excluyen excluya excluyo excluido excluida",
        "distribucion": "distribuir distribuye distribuyen distribuya distribuido distribuida",
        "sustitucion": "sustituir sustituye sustituyen sustituya sustituido sustituida",
        "reduccion": "reducir reduce reducen reduzca reduzcan redujo reducido reducida",
        "correccion": "corregir corrige corrigen corrija corregido corregida",
        "medicion": "medir mide miden midio midiendo",
        "cocreacion": "cocrea cocrean cocrear cocreado cocreada cocreados cocreadas cocreando",
        "ciudadano": "ciudadania",
        "alcalde": "alcaldia alcaldias",
        "veeduria": "veedor veedora veedores veedoras",
        "rendicion": """rendir rinde rinden rindo rindan rinda rendimos rendiremos rindio rindieron rendira
            rendiran rendido rendida rendidas rindiendo""",
        "eleccion": "elegir elige eligen elija elijan eligio eligieron elegido elegida eligiendo electoral",
        "seguir": "sigue siguen sigo siga sigan siguio siguieron siguiendo",
        "derogacion": "derogatorio derogatoria",
        "reforma": "reformatorio reformatoria",
        "norma": "normativo normativa",
        "ambiente": "ambiental",
        "canton": "cantonal",
        "comunidad": "comunitario comunitaria",
        "ecuador": "ecuatoriano ecuatoriana",
        "parroquia": "parroquial",
        "presupuesto": "presupuestario presupuestaria presupuestal",
        "provincia": "provincial",
        "region": "regional",
        "territorio": "territorial",
        "tributo": "tributario tributaria",
        "turismo": "turistico turistica",
        "vecino": "vecinal",
        "gratuito": "gratis gratuidad",
        "definicion": "definir define definen defina definan definio definido definida definiendo",
        "decision": "decidir decide deciden decidio decidieron decidido decidida decidiendo",
        "prohibicion": "prohibir prohibe prohiben prohibio prohibido prohibida",
        "expedicion": "expedir expide expiden expidio expidieron expedido expedida",
        "inscripcion": "inscribir inscribe inscriben inscribio inscrito inscrita inscribiendo",
        "construccion": "construir construye construyen construyo construido construida construyendo",
        "proteccion": "proteger protege protegen protegio protegido protegida protegiendo",
        "revision": "revisar revisa revisan revise revisen reviso revisado revisada revisando",
        "difusion": "difundir difunde difunden difundio difundido difundida difundiendo",
        "inversion": "invertir invierte invierten invirtio invertido invertida",
        "lectura": "leer lee leen leyo leyeron leyendo leido leida",
        "3": "tres",
        "4": "cuatro",
        "5": "cinco",
        "6": "seis",
        "7": "siete",
        "8": "ocho",
        "9": "nueve",
        "10": "diez",
        "15": "quince",
        "20": "veinte",
        "30": "treinta",
        "primero": "primer 1o 1a 1er 1ero 1era 1ro 1ra",
        "segundo": "2o 2a 2do 2da ii",
        "tercero": "tercer 3o 3a 3er 3ero 3era 3ro 3ra iii",
        "cuarto": "4o 4a 4to 4ta iv",
        "quinto": "5o 5a 5to 5ta",
        "sexto": "6o 6a 6to 6ta",
        "septimo": "7o 7a 7mo 7ma vii",
        "octavo": "8o 8a 8vo 8va viii",
        "noveno": "9o 9a 9no 9na ix",
        "decimo": "10o 10a 10mo 10ma",
    }.items()
    for word in forms.split()
}
"""Forms of one word that no stemmer joins, numbers and ordinals among them → the form whose stem they take."""

_OF_ITS_OWN = frozenset(
    """ordenanza casa sede partido partida junta plano paro mesa cuento plaza placa marzo libro importe informe
    tratamiento seccional""".split()
)
"""Nouns that are taken for a form of another word (orden, caso, sed, parte, junto, plan, par, mes, cuenta, plazo, marco,
libre, importar, tratado, sección): each is its own stem."""

_VERB_IN_ICAR = re.compile("(?:icacion|icador|icadora|(?<=if)ica|ique|iquen)$")
"""Endings before which Snowball leaves out -ic-, but not in the infinitive (planificación, planificar)."""

_DERIVED = [
    (re.compile("(?<=.{4})([ai])miento$"), r"\1r"),
    (re.compile("(?<=.{3})(?<!na)cional$"), "cion"),  # nacional is no nación
    (re.compile("(?<=.{3})mentari[oa]$"), "mento"),  # nor comentario a comento
]
"""Endings that Snowball leaves on short words → those of the word they are made of: cumplimiento, institucional, reglamentario."""


def other_forms(stemmed: str) -> list[str]:
    """Return the irregular forms, folded, whose stem this is: they may begin in another way."""
    return [word for word in _IRREGULAR if stem(word) == stemmed]


def _derive(folded: str) -> str:
    word = folded[:LONGEST]
    if word in STOP_WORDS:
        return ""
    if word.isdigit():
        return word.lstrip("0") or "0"  # Resolución 012
    one = singular(word)
    for noun in (word.removesuffix("s"), one):
        if noun in _OF_ITS_OWN:
            return noun
    base = _IRREGULAR.get(word) or _IRREGULAR.get(one) or one
    if base.endswith("bilidad") and len(base) > 9:  # not habilidad
        base = f"{base[:-7]}ble"
    if base.endswith("ble") and len(base) > 5:  # accesible is no acceso
        return base[:-1]
    if len(base) > 5:
        base = _VERB_IN_ICAR.sub("icar", base)
    for ending, original in _DERIVED:
        base = ending.sub(original, base)
    stemmed = _snowball(base) or base
    return stemmed[:-1] + "c" if stemmed[-1] == "z" else stemmed  # voz, voces; capaz, capaces


def _folding_table() -> bytes:
    """Return what each Latin-1 character becomes: its bare letter or digit, or a space."""
    letters = (fold(chr(code)) for code in range(256))
    kept = (c if len(c) == 1 and _WORD.fullmatch(c) and ord(c) < 256 else " " for c in letters)
    return "".join(kept).encode("latin-1")


_TABLE = _folding_table()


def folded_words(text: str) -> list[str]:
    """Return the folded words of `text`, stop words included, CamelCase split.

    Nearly every page fits Latin-1 once typographic marks are spaces: then one table folds it, five times as fast.
    """
    if _CAMEL.search(text):
        text = _CAMEL.sub(r" \g<0>", text)
    if "º" in text or "ª" in text:
        text = _ORDINAL_POINT.sub("", text)
    try:
        return text.encode("latin-1").translate(_TABLE).decode("latin-1").split()
    except UnicodeEncodeError:
        text = _MARKS.sub(" ", unicodedata.normalize("NFC", text))
    try:
        return text.encode("latin-1").translate(_TABLE).decode("latin-1").split()
    except UnicodeEncodeError:
        return _WORD.findall(fold(text))


def analyze(text: str) -> list[str]:
    """Return the stems of `text` in order: what is stored and what is asked."""
    return stems_of(folded_words(text))


def joined_words(text: str) -> list[str]:
    """Return, in lower case, the words of `text` that capitals alone keep apart (#GobiernoAbiertoEc): some type them so."""
    return [word.lower() for word in _WORD.findall(text) if _CAMEL.search(word)]


def written_words(text: str) -> list[str]:
    """Return the folded words of a text that is to be found, and after them those that capitals alone cut: TikTok is "tiktok" as well."""
    words = folded_words(text)
    if _CAMEL.search(text):
        words += folded_words(" ".join(joined_words(text)))
    return words


def stems_of(folded: Iterable[str]) -> list[str]:
    """Return the stems of folded words, stop words left out: the inner loop of indexing, in C but for new words."""
    return list(filter(None, map(_stems.__getitem__, folded)))


def tokens(text: str, start: int = 0) -> Iterator[Token]:
    """Yield the words of `text` from `start` on, with their places, for marking; the stems are those of `analyze`."""
    for match in _WRITTEN.finditer(text, start):
        surface = match.group()
        parts = _parts if len(surface) <= LONGEST else _parts.__wrapped__
        for stemmed, folded, first, last in parts(surface):
            yield Token(stemmed, folded, match.start() + first, match.start() + last)


def tokens_at(text: str, start: int) -> list[Token]:
    """Return the word of `text` that begins at `start` and, where capitals cut it, the whole; places are counted from there."""
    match = _WRITTEN.match(text, start)
    if not match:
        return []
    first, *others = _parts(match.group())
    if not others:
        return [first]
    whole = fold(match.group())
    return [first, Token(stem(whole), whole, 0, len(match.group()))]


@lru_cache(maxsize=50_000)
def _parts(surface: str) -> tuple[Token, ...]:
    """Return what one run of letters and digits is made of: more than one word where it is CamelCase."""
    cuts = [0, *(cut.start() for cut in _CAMEL.finditer(surface)), len(surface)]
    return tuple(
        Token(stem(word) if word else "", word, first, last)
        for first, last in pairwise(cuts)
        for word in _WORD.findall(fold(surface[first:last].replace(".", ""))) or [""]
    )


def acronym(title: str) -> str:
    """Return the folded initials of the content words of `title` (COOTAD, LOTAIP); "" for fewer than three."""
    initials = [
        word[0] for word in folded_words(title) if word not in STOP_WORDS and not word[0].isdigit()
    ]
    return "".join(initials) if 3 <= len(initials) <= 12 else ""
