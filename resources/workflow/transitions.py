"""From draft to published to withdrawn: what must hold first, and what each step stores."""

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from resources.models import LegalInstrument, Link, Resource
from resources.models.choices import UNTITLED

Status = Resource.Status
EXPIRED = "El plazo de publicación terminó."
NEVER_PUBLIC = "Todavía no se ha publicado: devuélvalo a borrador, o muévalo a la papelera."
NO_REASON = "Escriba el motivo: lo leerán quienes lleguen a esta dirección."
NOT_PUBLISHED = "No está publicado: no hay nada que retirar."
ALREADY_IN_BIN = "Ya está en la papelera."
NOT_IN_BIN = "No está en la papelera."
NO_EVIDENCE = "Escriba primero dónde se comprueba: la dirección de la evidencia o una nota."


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


def publication_problems(
    resource: Resource, at: dt.datetime | None = None, *, has_file: bool | None = None
) -> dict[str, str]:
    """Return what stops publishing `resource` at `at`, at the instant it holds or now: its blockers and its dates, by field."""
    now, problems = timezone.now(), blockers(resource, has_file=has_file)
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


def submit(resource: Resource) -> None:
    """Hand a draft over to whoever publishes."""
    _from_preparing(resource, Status.REVIEW)


def give_back(resource: Resource) -> None:
    """Hand what was submitted, or only scheduled, back to whoever prepares it."""
    if resource.is_scheduled:
        resource.published_at = None
        resource.status = Status.REVIEW
    _from_preparing(resource, Status.DRAFT)


def _from_preparing(resource: Resource, status: str) -> None:
    if resource.status not in (Status.DRAFT, Status.REVIEW):
        raise ValidationError("Ya fue público: se retira, no vuelve a ser borrador.")
    resource.status = status
    resource.save()


def publish(resource: Resource, *, at: dt.datetime | None = None) -> None:
    """Publish `resource` (the child) at the instant `at`, or at the one it holds, or now: a future one schedules.

    Raises ValidationError by field where something is missing.
    """
    at = at or resource.published_at
    if problems := publication_problems(resource, at):
        raise ValidationError(problems)
    resource.status = Status.PUBLISHED
    resource.published_at = at or timezone.now()
    resource.awaits_clock = False  # but for a future date, which save() sees
    if resource.withdrawn_on:
        resource.withdrawn_on, resource.withdrawn_reason = None, ""
        if resource.withdraw_at and resource.withdraw_at <= timezone.now():
            resource.withdraw_at = None  # the end that has passed; one that is still to come stands
    resource.save()


def withdraw(resource: Resource, reason: str) -> None:
    """Withdraw `resource`: its address answers 410 with `reason`, which visitors read. Raise ValidationError without one."""
    _refuse_unpublished(resource)
    if not reason.strip():
        raise ValidationError({"withdrawn_reason": NO_REASON})
    resource.status = Status.WITHDRAWN
    resource.withdrawn_reason = reason.strip()
    resource.withdrawn_on = timezone.now()
    resource.preview_series += 1  # a link given while it was a draft does not bring it back
    resource.save()


def _refuse_unpublished(resource: Resource) -> None:
    if resource.status != Status.PUBLISHED:
        raise ValidationError(NOT_PUBLISHED)
    if not resource.was_public:
        raise ValidationError(NEVER_PUBLIC)


def arrive(resource: Resource) -> None:
    """Store that the clock has published `resource`; its `updated` is that instant, so that feeds and sitemaps date it right.

    Nothing that a form shows changes: no new revision, so that nobody who has the form open is told of a conflict.
    """
    resource.awaits_clock = False
    resource.updated = max(resource.updated, resource.published_at)
    values = {"awaits_clock": False, "updated": resource.updated}
    # `status` stays as it is: naming it has the search entry written, whose words are suggested from now on.
    Resource.objects.filter(pk=resource.pk).update(**values, status=Status.PUBLISHED)


def expire(resource: Resource) -> None:
    """Store that the clock has withdrawn `resource` at its date; the reason that an editor gave is kept."""
    resource.status = Status.WITHDRAWN
    resource.withdrawn_reason = resource.withdrawn_reason or EXPIRED
    resource.withdrawn_on = resource.withdraw_at
    resource.preview_series += 1
    resource.save()


def plan_withdrawal(resource: Resource, at: dt.datetime, reason: str) -> None:
    """Have the clock withdraw `resource` at `at` (publishing/settle.py), with `reason`."""
    _refuse_unpublished(resource)
    if not reason.strip():
        raise ValidationError({"withdrawn_reason": NO_REASON})
    if at <= timezone.now() or (resource.published_at and at <= resource.published_at):
        raise ValidationError(
            {"withdraw_at": "Elija una fecha futura, posterior a la publicación."}
        )
    resource.withdraw_at, resource.withdrawn_reason = at, reason.strip()
    resource.save()


def verify(resource: Resource) -> None:
    """Record that someone checked `resource` against its source today. Raise ValidationError where there is none."""
    if isinstance(resource, LegalInstrument) and not resource.has_evidence:
        raise ValidationError({"evidence_url": NO_EVIDENCE})
    resource.verified_on = timezone.localdate()
    resource.review_by = next_review(resource.review_by)
    resource.save()


def believe(resource: Resource) -> None:
    """Take a person's word that the addresses of `resource` lead where they should: nothing is held against them."""
    urls = {resource.source_url, getattr(resource, "evidence_url", "")}
    Link.objects.filter(url__in=urls - {""}).forget()


def next_review(review_by: dt.date | None) -> dt.date:
    """Return until when a check of today holds: a date to come stays, otherwise VERIFICATION_VALID_DAYS from now."""
    today = timezone.localdate()
    if review_by and review_by > today:
        return review_by
    return today + dt.timedelta(days=settings.VERIFICATION_VALID_DAYS)


def move_to_bin(resource: Resource) -> None:
    """Put `resource` into the bin: nobody sees it, nothing is lost. What was only scheduled comes out as a draft."""
    if resource.deleted_at is not None:
        raise ValidationError(ALREADY_IN_BIN)
    if resource.is_scheduled:
        resource.status, resource.published_at = Status.DRAFT, None
    resource.deleted_at = timezone.now()
    resource.save()


def restore(resource: Resource) -> None:
    """Take `resource` out of the bin, in the state in which it went in."""
    if resource.deleted_at is None:
        raise ValidationError(NOT_IN_BIN)
    resource.deleted_at = None
    resource.save()
