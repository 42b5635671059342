"""Add the pages of one resource beside its form: file versions, withdrawal, preview links, duplicate."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from resources.admin.bulk.forms import WithdrawForm
from resources.admin.forms import DateTimeInput
from resources.admin.permissions import can_publish, may_change
from resources.admin.shortcuts import changeable, confirm, form_url, put_errors, row_or_404
from resources.files.takedown import take_down
from resources.files.versions import revert_to
from resources.models import FileVersion, Resource, Revision
from resources.workflow.duplicate import duplicate
from resources.workflow.previews import DAYS, Claim, make_token, read_token, revoke_links
from resources.workflow.revisions import record, record_external_change
from resources.workflow.transitions import NEVER_PUBLIC, NOT_PUBLISHED, transition


class TakedownForm(forms.Form):
    """The public reason of a takedown and its confirmation."""

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


class WithdrawOneForm(WithdrawForm):
    """The reason of a withdrawal and its date."""

    withdraw_at = forms.DateTimeField(
        label="Retirar el",
        required=False,
        widget=DateTimeInput,
        help_text="Vacío: ahora mismo. Con una fecha futura, deja de mostrarse solo en ese momento.",
    )
    field_order = ("reason", "withdraw_at", "note")


class LinkForm(forms.Form):
    """Choose the days a preview link is valid."""

    days = forms.TypedChoiceField(
        label="Hasta cuándo sirve",
        choices=[(n, "un día" if n == 1 else f"{n} días") for n in DAYS],
        coerce=int,
        initial=7,
    )


class ResourcePagesMixin(admin.ModelAdmin):
    """Add the pages of one resource to the ModelAdmin of its kind."""

    def get_urls(self) -> list[URLPattern]:
        """Add the pages' addresses."""
        wrap, name = self.admin_site.admin_view, f"resources_{self.opts.model_name}"
        root = "<path:object_id>"
        version = f"{root}/archivos/<int:version>"
        return [
            path(f"{version}/recuperar/", wrap(self.revert_version_view), name=f"{name}_take_up"),
            path(f"{version}/retener/", wrap(self.takedown_view), name=f"{name}_withhold"),
            path(f"{root}/retirar/", wrap(self.withdraw_view), name=f"{name}_withdraw"),
            path(f"{root}/vista-previa/", wrap(self.preview_view), name=f"{name}_preview"),
            path(
                f"{root}/duplicar/",
                wrap(require_POST(self.duplicate_view)),
                name=f"{name}_duplicate",
            ),
            *super().get_urls(),
        ]

    def _version(
        self, request: HttpRequest, object_id: str, pk: int
    ) -> tuple[Resource, FileVersion]:
        resource = changeable(self, request, object_id)
        versions = FileVersion.objects.select_related("file__current", "file__resource")
        return resource, get_object_or_404(versions, pk=pk, file__resource=resource)

    def revert_version_view(
        self, request: HttpRequest, object_id: str, version: int
    ) -> HttpResponse:
        """Store the bytes of an earlier version again as a new version."""
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

    def takedown_view(self, request: HttpRequest, object_id: str, version: int) -> HttpResponse:
        """Erase the bytes of a version; its address answers with the reason."""
        resource, chosen = self._version(request, object_id, version)
        if not can_publish(request):
            raise PermissionDenied
        if chosen.is_withheld:
            self.message_user(request, "Esa versión ya está retenida.", messages.WARNING)
            return HttpResponseRedirect(form_url(resource))
        form = TakedownForm(request.POST if request.method == "POST" else None)
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

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Withdraw now or at a date, with the reason that visitors read."""
        resource = changeable(self, request, object_id)
        if not can_publish(request):
            raise PermissionDenied
        if resource.status != Resource.Status.PUBLISHED or not resource.was_public:
            told = NEVER_PUBLIC if resource.is_scheduled else NOT_PUBLISHED
            self.message_user(request, told, messages.WARNING)
            return HttpResponseRedirect(form_url(resource))
        data = request.POST if request.method == "POST" else None
        form = WithdrawOneForm(data, initial={"reason": resource.withdrawn_reason})
        if form.is_valid() and self._withdraw(request, resource, form):
            return HttpResponseRedirect(form_url(resource))
        return confirm(
            self,
            request,
            resource,
            form,
            title="Retirar",
            lead="admin/resources/intros/withdraw.html",
            button="Retirar",
            is_grave=True,
        )

    def _withdraw(self, request: HttpRequest, resource: Resource, form: forms.Form) -> bool:
        said: dict[str, Any] = form.cleaned_data
        at, reason = said["withdraw_at"], said["reason"]
        about = {
            "actor": request.user,
            "note": said["note"],
            "allowed": lambda now: may_change(request, now),
        }
        try:
            transition(resource, Revision.Action.WITHDRAWN, at=at, reason=reason, **about)
        except ValidationError as refusal:
            put_errors(form, refusal)
            return False
        told = (
            "se retirará en la fecha indicada" if at else "está retirado: su dirección dice por qué"
        )
        self.log_change(request, resource, f"Retiro: {reason}")
        self.message_user(request, f"«{resource}» {told}.", messages.SUCCESS)
        return True

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Make a preview link, or revoke all of them."""
        resource = changeable(self, request, object_id)
        if "revoke" in request.POST:
            revoke_links(resource)
            self.log_change(request, resource, "Anuló los enlaces de vista previa.")
            told = "Los enlaces dados hasta ahora ya no sirven."
            self.message_user(request, told, messages.SUCCESS)
            place = reverse(f"admin:resources_{self.opts.model_name}_preview", args=[resource.pk])
            return HttpResponseRedirect(place)
        form, link, until = LinkForm(request.POST if request.method == "POST" else None), "", None
        if form.is_valid() and not resource.is_public:
            token = make_token(resource, form.cleaned_data["days"])
            link = settings.SITE_URL + reverse("preview", args=[resource.slug, token])
            until = cast(Claim, read_token(token)).ends
            self.log_change(
                request, resource, f"Dio un enlace de vista previa hasta el {until:%Y-%m-%d}."
            )
        return confirm(
            self,
            request,
            resource,
            None if resource.is_public else form,
            title="Enlace para mostrar el borrador",
            lead="admin/resources/intros/preview.html",
            button="Hacer un enlace",
            site_url=settings.SITE_URL,
            link=link,
            until=until,
            may_revoke=not resource.is_public,
        )

    def duplicate_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Duplicate the resource and open the copy."""
        resource = row_or_404(self.model, object_id)
        allowed = self.has_add_permission(request) and self.has_view_permission(request, resource)
        if not allowed:
            raise PermissionDenied
        copy = duplicate(resource, user=request.user)
        self.log_addition(request, copy, f"Copia de «{resource}».")
        told = "Es un borrador nuevo, sin los archivos ni los datos que son solo del original. Cámbiele el título."
        self.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(form_url(copy))
