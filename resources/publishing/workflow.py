"""From draft to published to withdrawn: what must hold first, and what each step stores."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils import timezone

from resources.models import Resource
from resources.publishing.suggestions.titles import UNTITLED

Status = Resource.Status


def blockers(resource: Resource, *, has_file: bool | None = None) -> dict[str, str]:
    """Return what stops the publication of `resource`: field → what to do, in Spanish; empty when nothing does.

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
    has_link = bool(resource.source_url or getattr(resource, "url", ""))
    if not (has_file or has_link or resource.link_pending):
        problems["link_pending"] = (
            "Para publicar hace falta un archivo o una dirección. Si aún no se conocen, marque «enlace por verificar»."
        )
    if (
        resource.kind == Resource.Kind.INFOGRAPHIC
        or resource._meta.model_name == Resource.Kind.INFOGRAPHIC
    ):
        if not resource.alt_text.strip():
            problems["alt_text"] = (
                "Describa en una frase lo que muestra la lámina: sin eso, quien no la ve no sabe qué es."
            )
        if not resource.text_alternative.strip():
            problems["text_alternative"] = (
                "Escriba en texto todo lo que dice la lámina: así la leen todas las personas."
            )
    elif not resource.summary.strip():
        problems["summary"] = (
            "Escriba de qué trata, en dos o tres frases: es lo que la gente lee para decidir."
        )
    return problems


def publish(resource: Resource, *, at: dt.datetime | None = None) -> None:
    """Publish `resource` (the child) now, or at the future instant `at`; raise ValidationError by field where something is missing."""
    problems = blockers(resource)
    if problems:
        raise ValidationError(problems)
    resource.status = Status.PUBLISHED
    resource.published_at = at or resource.published_at or timezone.now()
    if resource.withdrawn_on:
        resource.withdrawn_on, resource.withdrawn_reason = None, ""
        if resource.withdraw_at and resource.withdraw_at <= timezone.now():
            resource.withdraw_at = None  # the end that has passed; one that is still to come stands
    resource.save()


def withdraw(resource: Resource, reason: str) -> None:
    """Withdraw `resource`: its address answers 410 with `reason`, which visitors read. Raise ValidationError without one."""
    if not reason.strip():
        raise ValidationError(
            {"withdrawn_reason": "Escriba el motivo: lo leerán quienes lleguen a esta dirección."}
        )
    resource.status = Status.WITHDRAWN
    resource.withdrawn_reason = reason.strip()
    resource.withdrawn_on = timezone.now()
    resource.save()


def move_to_bin(resource: Resource) -> None:
    """Put `resource` into the bin: nobody sees it, nothing is lost."""
    resource.deleted_at = timezone.now()
    resource.save()


def restore(resource: Resource) -> None:
    """Take `resource` out of the bin, in the state in which it went in."""
    resource.deleted_at = None
    resource.save()
