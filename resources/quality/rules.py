"""Rules of quality common to all kinds; each kind adds its own, and waives some of these."""

import datetime as dt
from functools import lru_cache

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Length

from resources.kinds.legislation.models import review_due_by
from resources.models import FileVersion, ResourceFile
from resources.models.choices import UNTITLED
from resources.models.kind_spec import KindSpec, QualityRule, all_kinds
from resources.models.queries import exists_for
from resources.quality.broken_links import has_broken_link

HEAVY_BYTES = 10_000_000
"""A file that takes a cheap phone on a slow line minutes, and its owner money."""
BROKEN = "enlace"
"""The check whose place differs from one resource to another."""


def _file(*conditions: Q, **values: object) -> Exists:
    """Return the condition of a current file, not withheld, that meets the conditions."""
    return exists_for(FileVersion, "current_of__resource", *conditions, withheld_on=None, **values)


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
_CURRENT = ResourceFile.objects.filter(current__isnull=False, current__withheld_on=None)
_SAME_BYTES = Exists(
    _CURRENT.filter(
        Exists(
            _CURRENT.filter(
                current__sha256=OuterRef("current__sha256"), resource__deleted_at=None
            ).exclude(resource=OuterRef("resource"))
        ),
        resource=OuterRef("pk"),
    )
)
_REPEATS = ~Q(summary="") & (
    Q(title__icontains=F("summary"))
    | Q(summary__istartswith=F("title"), summary_length__lte=F("title_length") + 25)
)
_FILE_NAME = (
    r"^[^ ]*[0-9_-][^ ]*$|_|\.(pdf|docx?|xlsx?|pptx?|od[tsp]|png|jpe?g|webp|mp4|zip|csv|txt)$"
)


def _has_address() -> Q:
    """Return the condition that the resource is at an address elsewhere, by a field of its kind."""
    found = Q(pk__in=())
    for spec in all_kinds():
        if name := spec.address_field:
            found |= Q(exists_for(spec.model, "pk", ~Q(**{name: ""})))
    return found


def quality_rules(today: dt.date) -> tuple[QualityRule, ...]:
    """Return every rule, the most harmful first; `today` decides which reviews are overdue."""
    return _rules_on(today, all_kinds())


@lru_cache(maxsize=2)
def _rules_on(today: dt.date, specs: tuple[KindSpec, ...]) -> tuple[QualityRule, ...]:
    own = [
        rule._replace(kinds=frozenset({spec.name}))
        for spec in specs
        for rule in spec.quality_rules()
    ]
    common = [
        rule._replace(
            kinds=frozenset(spec.name for spec in specs if rule.slug not in spec.waived_rules)
        )
        for rule in _common_rules(today)
    ]
    return tuple(sorted([*own, *common], key=lambda rule: rule.harm))


def _common_rules(today: dt.date) -> tuple[QualityRule, ...]:
    return (
        QualityRule(
            20,
            "archivo",
            "sin archivo ni dirección",
            "Agregue el archivo o la dirección donde está. Mientras no se conozcan, deje marcado «enlace por verificar».",
            ("link_pending",),
            ~Q(
                exists_for(
                    ResourceFile, "resource", current__isnull=False, current__withheld_on=None
                )
            )
            & ~_has_address()
            & Q(source_url=""),
        ),
        QualityRule(
            30,
            "texto",
            "PDF sin texto",
            "Nadie puede buscar en él ni oírlo leído. Si es escaneado, páselo por un reconocimiento de texto (OCR); si es un formulario o "
            "una cartera que solo se ve en Adobe Reader, imprímalo desde allí como PDF. Luego reemplácelo.",
            (),
            Q(_pdf(text_status__in=_NO_TEXT)),
        ),
        QualityRule(
            40,
            "etiquetado",
            "PDF sin etiquetas de accesibilidad",
            "Un lector de pantalla lo lee sin títulos ni orden. Expórtelo de nuevo como PDF «etiquetado» o «accesible» y reemplácelo.",
            (),
            Q(_pdf(tagged=False)),
        ),
        QualityRule(
            50,
            "idioma",
            "PDF sin idioma declarado",
            "Un lector de pantalla no sabe con qué voz leerlo. Indique el idioma en el programa de origen y expórtelo de nuevo.",
            (),
            Q(_pdf(language="")),
        ),
        QualityRule(
            60,
            "descripcion",
            "sin descripción",
            "Escriba de qué trata y para quién sirve, en dos o tres frases: es lo que la gente lee para decidir.",
            ("summary",),
            Q(summary=""),
        ),
        QualityRule(
            70,
            "repite",
            "descripción que repite el título",
            "La descripción dice lo mismo que el título: cuente de qué trata y para quién sirve.",
            ("summary",),
            _REPEATS,
        ),
        QualityRule(
            80,
            "vencida",
            "revisión vencida",
            "Ya pasó el día en que había que comprobarlo: compruébelo y ponga otra fecha en «revisar antes de».",
            ("review_by",),
            review_due_by(today - dt.timedelta(days=1)),
        ),
        QualityRule(
            90,
            "revision",
            "sin fecha de revisión",
            "Ponga en «revisar antes de» el día en que conviene comprobar que sigue siendo correcto.",
            ("review_by",),
            Q(review_by=None),
        ),
        QualityRule(
            100,
            "pesado",
            "archivo pesado",
            "Pesa más de 10 MB: en un teléfono con poca señal tarda minutos y cuesta dinero. Redúzcalo y reemplácelo.",
            (),
            Q(_file(size__gt=HEAVY_BYTES)),
        ),
        QualityRule(
            110,
            "titulo",
            "título que parece nombre de archivo",
            "Escriba el título completo, tal como consta en el recurso.",
            ("title",),
            Q(title__iregex=_FILE_NAME) | Q(title__startswith=UNTITLED),
        ),
        QualityRule(
            140,
            "principales",
            "más de un archivo principal",
            "La página muestra el primero. Deje uno como principal y elija en los otros para qué sirven: anexo, datos, subtítulos.",
            (),
            Q(_TWO_MAINS),
        ),
        QualityRule(
            170,
            BROKEN,
            "enlace roto",
            "La página a la que lleva faltó en días distintos: busque su nueva dirección y corríjala, o bórrela.",
            ("source_url",),
            has_broken_link(),
        ),
        QualityRule(
            180,
            "repetido",
            "mismo archivo que otro recurso",
            "El mismo archivo está en otro recurso del catálogo: compruebe si hacen falta los dos.",
            (),
            Q(_SAME_BYTES),
        ),
        QualityRule(
            190,
            "fecha",
            "sin fecha de emisión",
            "Si el recurso o su fuente la dicen, escríbala; si no consta, déjela vacía.",
            ("issued_on",),
            Q(issued_on=None),
        ),
        QualityRule(
            200,
            "entidad",
            "sin entidad emisora",
            "Si consta quién lo emitió, elíjalo; si no, déjelo vacío.",
            ("issuer",),
            Q(issuer=None),
        ),
    )


def with_flags(resources: QuerySet) -> QuerySet:
    """Annotate the text lengths that the rules compare."""
    return resources.alias(summary_length=Length("summary"), title_length=Length("title"))
