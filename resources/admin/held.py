"""Files whose form came back with errors: a browser forgets them, so they wait here to be saved with the next try."""

import tempfile
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse

from resources.models import HeldUpload

PREFIX = "held-"


def bring_back(request: HttpRequest) -> list[HeldUpload]:
    """Put the person's waiting files beside those that came with `request`; one chosen anew takes the place of the old."""
    used = []
    for name, value in request.POST.items():
        field = name.removeprefix(PREFIX)
        if field == name or field in request.FILES or not value.isdecimal():
            continue
        held = HeldUpload.objects.filter(pk=value, by=request.user, field=field).first()
        if held and held.stored.storage.exists(held.stored.name):
            request.FILES[field] = _as_upload(held)
            used.append(held)
    return used


def _as_upload(held: HeldUpload) -> UploadedFile:
    """Return the waiting file as if it had just come; its copy is gone when the request is."""
    copy = tempfile.NamedTemporaryFile(prefix="espera-")  # noqa: SIM115 - closed with the upload
    with held.stored.open("rb") as stream:
        while chunk := stream.read(1024 * 1024):
            copy.write(chunk)
    copy.flush()
    copy.seek(0)
    upload = UploadedFile(copy, held.name, size=held.stored.size)
    upload.temporary_file_path = lambda: copy.name
    upload.held = held
    return upload


def settle_held(request: HttpRequest, response: HttpResponseBase, used: list[HeldUpload]) -> None:
    """Keep what came with a form that was not saved; drop what a saved one has used."""
    if not (
        isinstance(response, TemplateResponse) and "adminform" in (response.context_data or {})
    ):
        for held in used:
            drop(held)
        return
    for form in _forms(response.context_data):
        for name in form.fields:
            html_name = form.add_prefix(name)
            if html_name in request.FILES and name not in form.errors:
                form.held = _hold(request, html_name, request.FILES[html_name])


def _forms(context: dict[str, Any]) -> list[Any]:
    rows = [form for fs in context["inline_admin_formsets"] for form in fs.formset.forms]
    return [context["adminform"].form, *rows]


def _hold(request: HttpRequest, field: str, upload: Any) -> HeldUpload:
    if hasattr(upload, "held"):
        return upload.held
    upload.seek(0)
    held = HeldUpload(field=field, name=upload.name[:255], by=request.user)
    held.stored.save(upload.name, upload, save=True)
    return held


def drop(held: HeldUpload) -> None:
    """Forget a waiting file and its bytes."""
    held.stored.delete(save=False)
    held.delete()
