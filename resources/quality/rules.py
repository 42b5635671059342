"""The checks themselves, in order of harm: what may be wanting, what to do about it, and the rows that lack it."""

import datetime as dt
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Length

from resources.kinds.infographic import Infographic
from resources.kinds.legislation.models import LegalInstrument, review_due_by
from resources.kinds.video import Video
from resources.models import FileVersion, Resource, ResourceFile
from resources.models.choices import UNTITLED
from resources.models.files import CAPTION_TYPES
from resources.quality.broken_links import has_broken_link

HEAVY_BYTES = 10_000_000
"""A file that takes a cheap phone on a slow line minutes, and its owner money."""
BROKEN = "enlace"
"""The check whose place differs from one resource to another."""
FILES = "files-group"
"""Where the files stand in the form; other checks point at a field's own id."""

Kind = Resource.Kind
RULES = frozenset(Kind.values)
READ = RULES - {Kind.INFOGRAPHIC}


class QualityRule(NamedTuple):
    """One thing that may be wanting: its name in addresses, words for a list, advice for the form, and the rows that lack it."""

    slug: str
    words: str
    advice: str
    fields: tuple[str, ...]
    """The fields that mend it; empty where a file does."""
    condition: Combinable | Q
    kinds: frozenset[str] = RULES
    place: str = ""
    """Where in the form it is mended, if that is not one of `fields`."""

    @property
    def flag(self) -> str:
        """The name of the annotation that `with_gaps` makes."""
        return f"lacks_{self.slug}"

    @property
    def anchor(self) -> str:
        """Where in the form it is mended."""
        return self.place or (f"id_{self.fields[0]}" if self.fields else FILES)


def _has(model: type, link: str, *conditions: Q, **values: object) -> Exists:
    return Exists(model.objects.filter(*conditions, **values, **{link: OuterRef("pk")}))


def _file(*conditions: Q, **values: object) -> Exists:
    """A current file, not withheld, that meets the conditions."""
    return _has(FileVersion, "current_of__resource", *conditions, withheld_on=None, **values)


def _pdf(*conditions: Q, **values: object) -> Exists:
    return _file(*conditions, media_type="application/pdf", **values)


_NO_TEXT = (
    FileVersion.TextStatus.EMPTY,
    FileVersion.TextStatus.FAILED,
    FileVersion.TextStatus.ENCRYPTED,
)
_MAINS = ResourceFile.objects.filter(role="main", current__withheld_on=None, current__isnull=False)
_TWO_MAINS = Exists(
    _MAINS.filter(
        Exists(_MAINS.filter(resource=OuterRef("resource"), pk__gt=OuterRef("pk"))),
        resource=OuterRef("pk"),
    )
)
_SAME_BYTES = Exists(
    FileVersion.objects.filter(
        current_of__resource=OuterRef("pk"),
        withheld_on=None,
        sha256__in=FileVersion.objects.filter(
            current_of__resource__deleted_at=None, withheld_on=None
        )
        .exclude(current_of__resource=OuterRef(OuterRef("pk")))
        .filter(sha256=OuterRef("sha256"))
        .values("sha256"),
    )
)
_REPEATS = ~Q(summary="") & (
    Q(title__icontains=F("summary"))
    | Q(summary__istartswith=F("title"), summary_length__lte=F("title_length") + 25)
)
_FILE_NAME = (
    r"^[^ ]*[0-9_-][^ ]*$|_|\.(pdf|docx?|xlsx?|pptx?|od[tsp]|png|jpe?g|webp|mp4|zip|csv|txt)$"
)


@lru_cache(maxsize=2)
def checks_on(today: dt.date) -> tuple[QualityRule, ...]:
    """Return every check, the most harmful first; `today` decides what is past its review."""
    return (
        QualityRule(
            "alternativa",
            "sin alternativa en texto",
            "Quien no ve la lámina no recibe nada: escriba el texto alternativo y todo lo que la lámina dice.",
            ("alt_text", "text_alternative"),
            Q(_has(Infographic, "pk", Q(alt_text="") | Q(text_alternative=""))),
            frozenset({Kind.INFOGRAPHIC}),
        ),
        QualityRule(
            "archivo",
            "sin archivo ni dirección",
            "Agregue el archivo o la dirección donde está. Mientras no se conozcan, deje marcado «enlace por verificar».",
            ("link_pending",),
            ~Q(_has(ResourceFile, "resource", current__isnull=False, current__withheld_on=None))
            & ~Q(_has(Video, "pk", ~Q(url="")))
            & Q(source_url=""),
        ),
        QualityRule(
            "texto",
            "PDF sin texto",
            "Nadie puede buscar en él ni oírlo leído. Si es escaneado, páselo por un reconocimiento de texto (OCR); si es un formulario o "
            "una cartera que solo se ve en Adobe Reader, imprímalo desde allí como PDF. Luego reemplácelo.",
            (),
            Q(_pdf(text_status__in=_NO_TEXT)),
        ),
        QualityRule(
            "etiquetado",
            "PDF sin etiquetas de accesibilidad",
            "Un lector de pantalla lo lee sin títulos ni orden. Expórtelo de nuevo como PDF «etiquetado» o «accesible» y reemplácelo.",
            (),
            Q(_pdf(tagged=False)),
        ),
        QualityRule(
            "idioma",
            "PDF sin idioma declarado",
            "Un lector de pantalla no sabe con qué voz leerlo. Indique el idioma en el programa de origen y expórtelo de nuevo.",
            (),
            Q(_pdf(language="")),
        ),
        QualityRule(
            "descripcion",
            "sin descripción",
            "Escriba de qué trata y para quién sirve, en dos o tres frases: es lo que la gente lee para decidir.",
            ("summary",),
            Q(summary=""),
            READ,
        ),
        QualityRule(
            "repite",
            "descripción que repite el título",
            "La descripción dice lo mismo que el título: cuente de qué trata y para quién sirve.",
            ("summary",),
            _REPEATS,
            READ,
        ),
        QualityRule(
            "vencida",
            "revisión vencida",
            "Ya pasó el día en que había que comprobarlo: compruébelo y ponga otra fecha en «revisar antes de».",
            ("review_by",),
            review_due_by(today - dt.timedelta(days=1)),
        ),
        QualityRule(
            "revision",
            "sin fecha de revisión",
            "Ponga en «revisar antes de» el día en que conviene comprobar que sigue siendo correcto.",
            ("review_by",),
            Q(review_by=None),
        ),
        QualityRule(
            "pesado",
            "archivo pesado",
            "Pesa más de 10 MB: en un teléfono con poca señal tarda minutos y cuesta dinero. Redúzcalo y reemplácelo.",
            (),
            Q(_file(size__gt=HEAVY_BYTES)),
        ),
        QualityRule(
            "titulo",
            "título que parece nombre de archivo",
            "Escriba el título completo, tal como consta en el recurso.",
            ("title",),
            Q(title__iregex=_FILE_NAME) | Q(title__startswith=UNTITLED),
        ),
        QualityRule(
            "transcripcion",
            "sin subtítulos ni transcripción",
            "Quien no oye el video no recibe nada: agregue la transcripción, o los subtítulos como archivo.",
            ("transcript",),
            Q(_has(Video, "pk", transcript=""))
            & ~Q(_has(ResourceFile, "resource", role="captions", current__isnull=False)),
            frozenset({Kind.VIDEO}),
        ),
        QualityRule(
            "subtitulos",
            "subtítulos que no se reproducen",
            "Un archivo de subtítulos está como otra cosa y el video no lo muestra: elija «Subtítulos» en «para qué sirve».",
            (),
            Q(_file(~Q(current_of__role="captions"), media_type__in=CAPTION_TYPES)),
            frozenset({Kind.VIDEO}),
        ),
        QualityRule(
            "principales",
            "más de un archivo principal",
            "La página muestra el primero. Deje uno como principal y elija en los otros para qué sirven: anexo, datos, subtítulos.",
            (),
            Q(_TWO_MAINS),
        ),
        QualityRule(
            "evidencia",
            "sin evidencia de su vigencia",
            "Diga dónde se comprueba: la página oficial en «dirección de la evidencia», o una nota.",
            ("evidence_url",),
            Q(_has(LegalInstrument, "pk", evidence_url="", evidence_note="")),
            frozenset({Kind.LEGAL_INSTRUMENT}),
        ),
        QualityRule(
            "vigencia",
            "vigencia por verificar",
            "Abra la fuente oficial, compruébela y use «Verificado hoy».",
            ("verified_on",),
            Q(force=Resource.Force.UNVERIFIED),
            frozenset({Kind.LEGAL_INSTRUMENT}),
        ),
        QualityRule(
            BROKEN,
            "enlace roto",
            "La página a la que lleva faltó en días distintos: busque su nueva dirección y corríjala, o bórrela.",
            ("source_url",),
            has_broken_link(),
        ),
        QualityRule(
            "repetido",
            "mismo archivo que otro recurso",
            "El mismo archivo está en otro recurso del catálogo: compruebe si hacen falta los dos.",
            (),
            Q(_SAME_BYTES),
        ),
        QualityRule(
            "fecha",
            "sin fecha de emisión",
            "Si el recurso o su fuente la dicen, escríbala; si no consta, déjela vacía.",
            ("issued_on",),
            Q(issued_on=None),
            READ,
        ),
        QualityRule(
            "entidad",
            "sin entidad emisora",
            "Si consta quién lo emitió, elíjalo; si no, déjelo vacío.",
            ("issuer",),
            Q(issuer=None),
            READ,
        ),
    )


def with_flags(resources: QuerySet) -> QuerySet:
    """Give the rows the lengths that the checks compare."""
    return resources.alias(summary_length=Length("summary"), title_length=Length("title"))
