"""The page that withdraws a published resource, now or at a date, and asks for the reason that visitors read."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path

from resources.admin.bulk.forms import WithdrawForm
from resources.admin.forms import DateTimeInput
from resources.admin.permissions import can_publish, may_change
from resources.admin.shortcuts import changeable, confirm, form_url, put_errors
from resources.models import Resource, Revision
from resources.workflow import transitions
from resources.workflow.transitions import NEVER_PUBLIC, NOT_PUBLISHED


class WithdrawOneForm(WithdrawForm):
    """Why it goes, and when."""

    withdraw_at = forms.DateTimeField(
        label="Retirar el",
        required=False,
        widget=DateTimeInput,
        help_text="Vacío: ahora mismo. Con una fecha futura, deja de mostrarse solo en ese momento.",
    )
    field_order = ("reason", "withdraw_at", "note")


class WithdrawMixin:
    """The desk of a kind, with the page that withdraws."""

    def get_urls(self) -> list[URLPattern]:
        """Add the page."""
        name = f"resources_{self.opts.model_name}_withdraw"
        view = self.admin_site.admin_view(self.withdraw_view)
        return [path("<path:object_id>/retirar/", view, name=name), *super().get_urls()]

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the reason, then withdraw."""
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
            transitions.transition(
                resource, Revision.Action.WITHDRAWN, at=at, reason=reason, **about
            )
        except ValidationError as refusal:
            put_errors(form, refusal)
            return False
        told = (
            "se retirará en la fecha indicada" if at else "está retirado: su dirección dice por qué"
        )
        self.log_change(request, resource, f"Retiro: {reason}")
        self.message_user(request, f"«{resource}» {told}.", messages.SUCCESS)
        return True
