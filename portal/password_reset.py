"""Forgotten passwords: the four steps of Django in the desk's look; without mail, who can help instead."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views import View
from django.views.generic.base import ContextMixin

from portal.account_mail import send_password_link
from portal.attempt_throttle import Limit, take_attempt
from portal.sign_in import log, normalized, refuse_while_waiting, remember_browser, too_many
from resources.throttling import network_of

FREE_OF_ADDRESS = 3  # messages to one e-mail address
FREE_OF_NETWORK = 10


class AdminLookMixin(ContextMixin, View):
    """A page that carries the desk's header and title."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what every page of the desk knows."""
        return super().get_context_data(**kwargs) | admin.site.each_context(self.request)


class AskForm(PasswordResetForm):
    """Ask for a link; the messages are sent by the worker, so that no answer takes longer for an address that is known."""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Have the link sent to each account with this address."""
        for person in self.get_users(self.cleaned_data["email"]):
            send_password_link.enqueue(person.pk)


class PasswordResetView(AdminLookMixin, views.PasswordResetView):
    """Ask for the address to write to. Without mail nothing is sent and the page says whom to ask."""

    form_class = AskForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the message, where the site can send any."""
        if not settings.EMAIL_IS_CONFIGURED:
            return self.get(request, *args, **kwargs)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        """Send the message unless too many were asked for; known and unknown addresses are counted alike."""
        limits = [
            Limit("reset", normalized(form.cleaned_data["email"]), FREE_OF_ADDRESS),
            Limit("reset-network", network_of(self.request), FREE_OF_NETWORK),
        ]
        wait = take_attempt(limits)
        if not wait:
            return super().form_valid(form)
        form.add_error("email", too_many(wait))
        log(f"Password reset refused for {wait} s", limits)
        return refuse_while_waiting(self.form_invalid(form), wait)


class PasswordResetDoneView(AdminLookMixin, views.PasswordResetDoneView):
    """Say that a message is on its way if the address is known."""


class PasswordResetConfirmView(AdminLookMixin, views.PasswordResetConfirmView):
    """Choose a new password, by the link of the message."""

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        """Let the owner sign in with this browser whatever a stranger has tried meanwhile."""
        response = super().form_valid(form)
        remember_browser(response, form.user.get_username())
        return response


class PasswordResetCompleteView(AdminLookMixin, views.PasswordResetCompleteView):
    """Say that the new password counts."""


urlpatterns = [
    path("", PasswordResetView.as_view(), name="admin_password_reset"),
    path("enviada/", PasswordResetDoneView.as_view(), name="password_reset_done"),
    path("<uidb64>/<token>/", PasswordResetConfirmView.as_view(), name="password_reset_confirm"),
    path("lista/", PasswordResetCompleteView.as_view(), name="password_reset_complete"),
]
