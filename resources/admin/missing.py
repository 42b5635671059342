"""What a resource still lacks: each rule is typed once, for the column, the filter and later the desk's home."""

from typing import NamedTuple

from django.db.models import Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.fields import BooleanField

from resources.models import Infographic, Resource, ResourceFile, Video


class Gap(NamedTuple):
    """One thing that may be missing: its name in addresses, its words in a list, and the rows that lack it."""

    slug: str
    words: str
    condition: Combinable | Q


def _has(model: type, link: str, *conditions: Q, **values: object) -> Exists:
    return Exists(model.objects.filter(*conditions, **values, **{link: OuterRef("pk")}))


_FILE = _has(ResourceFile, "resource", current__isnull=False, current__withheld_on=None)
_VIDEO_ADDRESS = _has(Video, "pk", ~Q(url=""))
_SILENT_PICTURE = _has(Infographic, "pk", Q(alt_text="") | Q(text_alternative=""))
_SILENT_VIDEO = _has(Video, "pk", transcript="")

GAPS = (
    Gap("archivo", "sin archivo ni dirección", ~Q(_FILE) & ~Q(_VIDEO_ADDRESS) & Q(source_url="")),
    Gap("descripcion", "sin descripción", Q(summary="") & ~Q(kind=Resource.Kind.INFOGRAPHIC)),
    Gap("alternativa", "sin alternativa en texto", Q(_SILENT_PICTURE)),
    Gap("transcripcion", "sin transcripción", Q(_SILENT_VIDEO)),
    Gap("fecha", "sin fecha de emisión", Q(issued_on=None) & ~Q(kind=Resource.Kind.INFOGRAPHIC)),
    Gap("entidad", "sin entidad emisora", Q(issuer=None) & ~Q(kind=Resource.Kind.INFOGRAPHIC)),
    Gap("vigencia", "vigencia por verificar", Q(force=Resource.Force.UNVERIFIED)),
)


def with_gaps(resources: QuerySet) -> QuerySet:
    """Annotate each row with one boolean for each gap, so that a list costs no further query."""
    return resources.annotate(
        **{
            f"lacks_{gap.slug}": ExpressionWrapper(gap.condition, output_field=BooleanField())
            for gap in GAPS
        }
    )


def gaps_of(resource: Resource) -> list[str]:
    """Return in words what a row of `with_gaps` lacks."""
    return [gap.words for gap in GAPS if getattr(resource, f"lacks_{gap.slug}")]
