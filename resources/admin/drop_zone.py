"""The drop zone: uploaded files become drafts with a form filled from the metadata of the file."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from resources.admin.permissions import may_change, may_trash
from resources.admin.shortcuts import form_url
from resources.admin.trash import TRASHED
from resources.admin.uploads import InspectedUploads
from resources.files.draft_from_file import Draft, change_kind, draft_from, known_words
from resources.files.metadata_extraction.extract import Known
from resources.files.versions import MOST_TWINS, same_bytes
from resources.models import Resource, Revision
from resources.workflow.revisions import record
from resources.workflow.transitions import transition

FIELD = "archivos"
REMEMBERED = 60  # drafts of one session whose suggestions are still to be checked
_SESSION = "desk_suggested"


@dataclass(frozen=True)
class FileOutcome:
    """The result for one file: a draft, or a refusal with advice."""

    name: str
    draft: Draft | None = None
    refusal: str = ""

    @property
    def url(self) -> str:
        """Where the work goes on: the draft's form, or the page that shows it beside its twin."""
        if self.draft is None:
            return ""
        if self.draft.twins:
            return reverse("admin:resources_resource_twin", args=[self.draft.resource.pk])
        return form_url(self.draft.resource)


def drop_zone_urls(desk: admin.ModelAdmin) -> list[URLPattern]:
    """Return the URL patterns of the drop zone."""

    def intake(request: HttpRequest) -> HttpResponse:
        return accept_files(desk, request)

    def twin(request: HttpRequest, pk: int) -> HttpResponse:
        return show_twin(desk, request, pk)

    @require_POST
    def kind(request: HttpRequest, pk: int) -> HttpResponse:
        return choose_kind(desk, request, pk)

    wrap = desk.admin_site.admin_view
    return [
        path("subir/", wrap(intake), name="resources_resource_intake"),
        path("<int:pk>/repetido/", wrap(twin), name="resources_resource_twin"),
        path("<int:pk>/tipo/", wrap(kind), name="resources_resource_kind"),
    ]


def accept_files(desk: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Make a draft of each file; one alone leads straight to its form. A script sends them one by one and asks for JSON."""
    kinds = cast(Any, desk).addable_kinds(request)
    if not kinds:
        raise PermissionDenied
    outcomes: list[FileOutcome] = []
    if request.method == "POST":
        uploads = request.FILES.getlist(FIELD)
        known = known_words()
        outcomes = [_outcome(desk, request, upload, known) for upload in uploads]
        if len(outcomes) == 1 and outcomes[0].draft:  # its form opens next, and shows the notes
            for note in outcomes[0].draft.notes:
                desk.message_user(request, f"«{outcomes[0].name}»: {note}", messages.WARNING)
        if request.headers.get("Accept") == "application/json":
            html = render_to_string(
                "admin/resources/_file_outcomes.html", {"outcomes": outcomes}, request
            )
            return JsonResponse({"html": html, "urls": [o.url for o in outcomes if o.url]})
        if not uploads:
            desk.message_user(request, "Elija uno o varios archivos.", messages.ERROR)
        elif len(outcomes) == 1 and outcomes[0].url:
            return redirect(outcomes[0].url)
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "title": "Subir archivos",
        "outcomes": outcomes,
    }
    return TemplateResponse(request, "admin/resources/drop_zone.html", context)


def _outcome(
    desk: admin.ModelAdmin, request: HttpRequest, upload: UploadedFile, known: Known
) -> FileOutcome:
    """Create a draft from one upload, or return the refusal; earlier drafts are kept."""
    kinds = [kind["model"] for kind in cast(Any, desk).addable_kinds(request)]
    try:
        with InspectedUploads() as bench:
            examined = bench.inspect(upload)
            draft = draft_from(examined, user=request.user, known=known, kinds=kinds)
    except ValidationError as refusal:
        return FileOutcome(upload.name or "", refusal=" ".join(refusal.messages))
    desk.log_addition(request, draft.resource, f"Preparado a partir del archivo «{upload.name}».")
    record(draft.resource.specific, request.user, Revision.Action.CREATED)
    remember(request, draft)
    return FileOutcome(upload.name or "", draft)


def remember(request: HttpRequest, draft: Draft) -> None:
    """Store in the session where the values of a new draft were read, for the form to mark them."""
    kept = dict(list(request.session.get(_SESSION, {}).items())[-REMEMBERED:])
    request.session[_SESSION] = kept | {str(draft.resource.pk): draft.sources}


def suggested(request: HttpRequest, resource: Resource) -> list[tuple[str, str, str]]:
    """Return the unconfirmed suggestions of a draft: field, label, source in the file."""
    sources = request.session.get(_SESSION, {}).get(str(resource.pk), {})
    names = {
        field.name: field.verbose_name
        for field in resource._meta.get_fields()
        if hasattr(field, "verbose_name")
    }
    return [(name, str(names[name]), source) for name, source in sources.items() if name in names]


def forget(request: HttpRequest, resource: Resource) -> None:
    """Delete the suggestions of a resource once a person has saved it."""
    kept = request.session.get(_SESSION, {})
    if kept.pop(str(resource.pk), None) is not None:
        request.session[_SESSION] = kept


def show_twin(desk: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Show a resource beside those with the same file; on request put the new draft aside and go on with an old one."""
    resource = get_object_or_404(_with_file(), pk=pk)
    if not desk.has_view_permission(request):
        raise PermissionDenied
    twins = _twins(resource)
    can_discard = resource.status == Resource.Status.DRAFT and _may_trash(desk, request, resource)
    if request.method == "POST":
        chosen = next((twin for twin in twins if str(twin.pk) == request.POST.get("usar")), None)
        if not (chosen and can_discard):
            raise PermissionDenied
        try:
            transition(
                resource.specific,
                Revision.Action.TRASHED,
                actor=request.user,
                allowed=lambda now: may_trash(request, now),
            )
        except ValidationError as refusal:
            desk.message_user(request, " ".join(refusal.messages), messages.ERROR)
            return redirect(form_url(resource))
        desk.log_change(request, resource, TRASHED)
        said = f"El borrador repetido está en la papelera. Siga con «{chosen}»."
        desk.message_user(request, said, messages.SUCCESS)
        return redirect(form_url(chosen))
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "title": "Este archivo ya está en el catálogo",
        "resource": resource,
        "twins": twins,
        "can_discard": can_discard,
    }
    return TemplateResponse(request, "admin/resources/same_file.html", context)


def _may_trash(desk: admin.ModelAdmin, request: HttpRequest, resource: Resource) -> bool:
    """Return whether the admin of its kind permits moving `resource` to the trash."""
    kind = resource.specific
    return desk.admin_site.get_model_admin(type(kind)).has_delete_permission(request, kind)


def _with_file() -> QuerySet[Resource]:
    return Resource.objects.in_catalogue().select_related("section", "main_version__file")


def _twins(resource: Resource) -> list[Resource]:
    """Return the other resources with a file of the same bytes as one of `resource`."""
    sums = resource.files.filter(current__withheld_on=None).values_list(
        "current__sha256", flat=True
    )
    keys = {version.file.resource_id for key in sums if key for version in same_bytes(key)}
    return list(_with_file().filter(pk__in=keys - {resource.pk}).order_by("created"))


def choose_kind(desk: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Make a draft one of another kind, where the file's words led astray."""
    resource = get_object_or_404(Resource, pk=pk)
    kind = request.POST.get("tipo", "")
    addable = {kind["model"] for kind in cast(Any, desk).addable_kinds(request)}
    if kind not in addable or not may_change(request, resource) or resource.kind not in addable:
        raise PermissionDenied
    try:
        resource = change_kind(resource, kind)
    except ValidationError as refusal:
        desk.message_user(request, " ".join(refusal.messages), messages.ERROR)
        return redirect(form_url(resource))
    said = f"Ahora es: {resource.get_kind_display().lower()}."
    desk.log_change(request, resource, said)
    record(resource, request.user, Revision.Action.CHANGED)
    desk.message_user(request, said, messages.SUCCESS)
    return redirect(form_url(resource))


def used_elsewhere(sums: Iterable[str], resource: Resource) -> dict[str, list[Resource]]:
    """Return checksum → the first other resources of the catalogue that hold a file with it: one query."""
    others = (
        Resource.objects.in_catalogue()
        .filter(files__current__sha256__in=set(sums), files__current__withheld_on=None)
        .exclude(pk=resource.pk)
        .annotate(shared_sum=F("files__current__sha256"))
        .order_by("pk")[:MOST_TWINS]
    )
    found: dict[str, list[Resource]] = {}
    for other in others:
        found.setdefault(other.shared_sum, []).append(other)
    return found
