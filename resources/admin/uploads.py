"""Inspected uploads of one request, and the picture fields with a preview."""

import shutil
import tempfile
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.datastructures import MultiValueDict

from inspection import Table
from resources.admin.permissions import signed_in
from resources.files.ingest import Examined, examine
from resources.files.table_upload import read_upload
from resources.files.upload_limits import accepted, greatest_size
from resources.models import PendingUpload
from search.index.writer import batch_index_updates

PICTURES = ("png", "jpg", "webp")


class InspectedUploads(ExitStack):
    """The inspected uploads of one request; temporary files last until it is closed.

    They are inspected when the workbench is set up, before the transaction that saves the form opens:
    a large PDF takes seconds, and nobody else should wait for it.
    """

    def __init__(self, uploads: MultiValueDict | None = None) -> None:
        super().__init__()
        self._findings: dict[str, Examined | ValidationError] = {}
        for name, upload in (uploads or {}).items():
            try:
                self._findings[name] = self.inspect(cast(UploadedFile, upload))
            except ValidationError as refusal:
                self._findings[name] = refusal

    def inspect(self, upload: UploadedFile) -> Examined:
        """Inspect `upload` and return its facts. Raises ValidationError in Spanish with advice."""
        if not upload.size:
            raise ValidationError(
                "El archivo está vacío. Compruebe que es el correcto.", code="empty"
            )
        return self.enter_context(examine(self._on_disk(upload), upload.name or ""))

    def table(self, upload: UploadedFile) -> Table:
        """Return the rows of an uploaded spreadsheet. Raises ValidationError in Spanish with advice."""
        return read_upload(self._on_disk(upload), upload.name or "")

    def _on_disk(self, upload: UploadedFile) -> Path:
        """Return where the bytes lie; small uploads are still in memory and are written down first."""
        if hasattr(upload, "temporary_file_path"):
            return Path(upload.temporary_file_path())
        folder = self.enter_context(tempfile.TemporaryDirectory(prefix="carga-"))
        path = Path(folder) / "upload"
        with path.open("wb") as copy:
            upload.seek(0)
            shutil.copyfileobj(upload, copy)
        return path

    def finding(self, name: str) -> Examined:
        """Return the inspected upload of a field. Raises ValidationError if it was refused."""
        found = self._findings[name]
        if isinstance(found, ValidationError):
            raise found
        return found

    def picture(self, name: str) -> File:
        """Return the picture uploaded in the field `name`, clean; raise ValidationError for anything else."""
        examined = self.finding(name)
        if not examined.facts.media_type.startswith("image/"):
            raise ValidationError(
                "Aquí va una imagen: suba un archivo PNG, JPEG o WebP.", code="picture"
            )
        stream = self.enter_context(examined.path.open("rb"))
        return File(stream, name=f"imagen.{examined.facts.extension}")


class DeskRequest(HttpRequest):
    """A request with the attributes that the admin's forms set on it."""

    desk_bench: InspectedUploads
    desk_step: tuple[
        str, bool
    ]  # the transition of a saved resource, and whether it was scheduled before


class InspectedUploadsMixin(admin.ModelAdmin):
    """A ModelAdmin whose forms find their uploads inspected, as `form.bench`."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Inspect the uploads first, and clear them away at the end, whatever becomes of the form."""
        allowed = self.has_add_permission(request) or self.has_change_permission(request)
        once = batch_index_updates() if request.method == "POST" else nullcontext()
        used = restore_pending_uploads(request) if allowed and request.method == "POST" else []
        with InspectedUploads(request.FILES if allowed else None) as bench, once:
            cast(DeskRequest, request).desk_bench = bench
            response = super().changeform_view(request, *args, **kwargs)
        if allowed and request.method == "POST":
            settle_pending_uploads(request, response, used)
        return response

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[forms.ModelForm]:
        """Pass the inspected uploads of the request to the form."""
        form = super().get_form(request, *args, **kwargs)
        cast(Any, form).bench = cast(DeskRequest, request).desk_bench
        return form


class PictureInput(AdminFileWidget):
    """A file field that shows the picture it holds."""

    template_name = "admin/resources/widgets/picture.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": accepted(PICTURES)} | (attrs or {}))
        self.is_derived = False  # made of the main file: nothing to clear

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the address of the stored picture to the context."""
        context = super().get_context(name, value, attrs)
        context["widget"]["is_derived"] = self.is_derived
        return context


class PictureField(forms.FileField):
    """A picture for a model's ImageField. It is opened by the inspection only, never by this process."""

    widget = PictureInput

    def __init__(self, **kwargs: Any) -> None:
        hint = f"PNG, JPEG o WebP, hasta {greatest_size()}."
        kwargs["help_text"] = f"{kwargs.get('help_text', '')} {hint}".strip()
        super().__init__(**kwargs)


PREFIX = "held-"


def restore_pending_uploads(request: HttpRequest) -> list[PendingUpload]:
    """Put the person's waiting files beside those that came with `request`; one chosen anew takes the place of the old."""
    used = []
    for name, value in request.POST.items():
        field = name.removeprefix(PREFIX)
        if field == name or field in request.FILES or not str(value).isdecimal():
            continue
        held = PendingUpload.objects.filter(
            pk=str(value), by=signed_in(request), field=field
        ).first()
        if held and held.stored.storage.exists(held.stored.name or ""):
            request.FILES[field] = _as_upload(held)
            used.append(held)
    return used


def _as_upload(held: PendingUpload) -> UploadedFile:
    """Return the waiting file as if it had just come; its copy is gone when the request is."""
    copy = tempfile.NamedTemporaryFile(prefix="espera-")  # noqa: SIM115 - closed with the upload
    with held.stored.open("rb") as stream:
        while chunk := stream.read(1024 * 1024):
            copy.write(chunk)
    copy.flush()
    copy.seek(0)
    upload: Any = UploadedFile(copy, held.name, size=held.stored.size)
    upload.temporary_file_path = lambda: copy.name
    upload.held = held
    return upload


def settle_pending_uploads(
    request: HttpRequest, response: HttpResponseBase, used: list[PendingUpload]
) -> None:
    """Keep pending uploads of a form that was not saved; delete those that were used."""
    if not (
        isinstance(response, TemplateResponse) and "adminform" in (response.context_data or {})
    ):
        for held in used:
            drop(held)
        return
    for form in _forms(response.context_data or {}):
        for name in form.fields:
            html_name = form.add_prefix(name)
            if html_name in request.FILES and name not in form.errors:
                form.held = _hold(request, html_name, request.FILES[html_name])


def _forms(context: dict[str, Any]) -> list[Any]:
    rows = [form for fs in context["inline_admin_formsets"] for form in fs.formset.forms]
    return [context["adminform"].form, *rows]


def _hold(request: HttpRequest, field: str, upload: Any) -> PendingUpload:
    if hasattr(upload, "held"):
        return upload.held
    upload.seek(0)
    held = PendingUpload(field=field, name=upload.name[:255], by=signed_in(request))
    held.stored.save(upload.name, upload, save=True)
    return held


def drop(held: PendingUpload) -> None:
    """Forget a waiting file and its bytes."""
    held.stored.delete(save=False)
    held.delete()
