"""List the requirements for publication."""

import datetime as dt

from django.utils import timezone

from resources.models import Resource
from resources.models.choices import UNTITLED

NO_EVIDENCE = "Escriba primero dónde se comprueba: la dirección de la evidencia o una nota."


def publication_blockers(resource: Resource, *, has_file: bool | None = None) -> dict[str, str]:
    """Return the publication blockers of `resource`: field → advice in Spanish.

    `resource` is the child, possibly not saved yet; `has_file` tells of a file that is about to be stored with it.
    """
    problems: dict[str, str] = {}
    if not resource.title.strip():
        problems["title"] = "Escriba el título."
    elif resource.title.startswith(UNTITLED):
        problems["title"] = (
            f"El archivo no dice cómo se titula: escriba el título completo en lugar de «{resource.title}»."
        )
    if has_file is None:
        has_file = (
            bool(resource.pk)
            and resource.files.filter(current__withheld_on=None, current__isnull=False).exists()
        )
    address = resource.spec.address_field
    has_link = bool(resource.source_url or (address and getattr(resource, address)))
    if not (has_file or has_link or resource.link_pending):
        problems["link_pending"] = (
            "Para publicar hace falta un archivo o una dirección. Si aún no se conocen, marque «enlace por verificar»."
        )
    for name, advice in resource.spec.requirements.items():
        if not str(getattr(resource, name) or "").strip():
            problems[name] = advice
    return problems


def publication_problems(
    resource: Resource, at: dt.datetime | None = None, *, has_file: bool | None = None
) -> dict[str, str]:
    """Return the blockers of publishing `resource` at `at`, those of its dates included, by field."""
    now, problems = timezone.now(), publication_blockers(resource, has_file=has_file)
    at = at or resource.published_at
    if at and at > now and resource.was_public:
        problems["published_at"] = (
            "Ya fue público: publíquelo ahora. Con una fecha futura su dirección dejaría de responder."
        )
    begins = max(at or now, now)
    has_passed = resource.withdrawn_on and resource.withdraw_at and resource.withdraw_at <= now
    if resource.withdraw_at and resource.withdraw_at <= begins and not has_passed:
        problems["withdraw_at"] = (
            "La fecha en que se retira es anterior a la publicación: cámbiela o bórrela."
        )
    return problems
