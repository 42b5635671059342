"""Two things that are done to one version of a file: going back to it, and withholding it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path

from resources.admin.permissions import can_publish, may_change
from resources.admin.shortcuts import changeable, confirm, form_url, put_errors
from resources.files.takedown import take_down
from resources.files.versions import revert_to
from resources.models import FileVersion, Resource, Revision
from resources.workflow.revisions import record, record_external_change


class WithholdForm(forms.Form):
    """Why a version may not be seen, and that the person knows what it means."""

    reason = forms.CharField(
        label="Motivo",
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Lo leerán quienes lleguen a la dirección de esta versión. Ejemplo: contiene datos personales.",
    )
    is_sure = forms.BooleanField(
        label="Entiendo que el archivo se borra y no se puede recuperar",
        error_messages={"required": "Marque esta casilla para confirmar: no se puede deshacer."},
    )


class VersionsMixin:
    """The desk of a kind, with what is done to versions of its files."""

    def get_urls(self) -> list[URLPattern]:
        """Add the two pages of each version."""
        wrap, name = self.admin_site.admin_view, f"resources_{self.opts.model_name}"
        root = "<path:object_id>/archivos/<int:version>/"
        return [
            path(f"{root}recuperar/", wrap(self.take_up_view), name=f"{name}_take_up"),
            path(f"{root}retener/", wrap(self.withhold_view), name=f"{name}_withhold"),
            *super().get_urls(),
        ]

    def _version(
        self, request: HttpRequest, object_id: str, pk: int
    ) -> tuple[Resource, FileVersion]:
        resource = changeable(self, request, object_id)
        versions = FileVersion.objects.select_related("file__current", "file__resource")
        return resource, get_object_or_404(versions, pk=pk, file__resource=resource)

    def take_up_view(self, request: HttpRequest, object_id: str, version: int) -> HttpResponse:
        """Make an earlier version current again, as a new version with the same bytes."""
        resource, chosen = self._version(request, object_id, version)
        if request.method == "POST":
            record_external_change(resource)
            try:
                again = revert_to(
                    chosen, user=request.user, allowed=lambda now: may_change(request, now)
                )
            except ValidationError as refusal:
                self.message_user(request, " ".join(refusal.messages), messages.ERROR)
            else:
                record(resource, request.user)
                self.log_change(request, resource, again.change_note)
                told = f"{chosen.file.file_name} da otra vez lo de la versión {chosen.number}, como versión {again.number}."
                self.message_user(request, told, messages.SUCCESS)
            return HttpResponseRedirect(form_url(resource))
        return confirm(
            self,
            request,
            resource,
            None,
            title=f"Volver a la versión {chosen.number}",
            lead="admin/resources/intros/make_current.html",
            button="Volver a esta versión",
            version=chosen,
        )

    def withhold_view(self, request: HttpRequest, object_id: str, version: int) -> HttpResponse:
        """Erase the bytes of a version, with the reason that its address will give."""
        resource, chosen = self._version(request, object_id, version)
        if not can_publish(request):
            raise PermissionDenied
        if chosen.is_withheld:
            self.message_user(request, "Esa versión ya está retenida.", messages.WARNING)
            return HttpResponseRedirect(form_url(resource))
        form = WithholdForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            record_external_change(resource)
            try:
                take_down(
                    chosen,
                    reason=form.cleaned_data["reason"],
                    user=request.user,
                    allowed=lambda now: may_change(request, now),
                )
            except ValidationError as refusal:
                put_errors(form, refusal)
            else:
                told = f"Se retuvo {chosen.file.file_name}, versión {chosen.number}."
                record(
                    resource,
                    request.user,
                    Revision.Action.TAKEN_DOWN,
                    f"{told} {chosen.withheld_reason}",
                )
                self.log_change(request, resource, told)
                self.message_user(request, told, messages.SUCCESS)
                return HttpResponseRedirect(form_url(resource))
        return confirm(
            self,
            request,
            resource,
            form,
            title=f"Retener la versión {chosen.number}",
            lead="admin/resources/intros/takedown.html",
            button="Retener y borrar el archivo",
            is_grave=True,
            version=chosen,
        )
