"""Password reset: Django's four steps in the admin's look; without mail, the person to contact."""

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
from portal.attempt_throttle import Limit, count_attempt
from portal.sign_in import log, normalized, remember_browser, throttle_error, with_retry_after
from resources.throttling import network_of

FREE_OF_ADDRESS = 3  # messages to one e-mail address
FREE_OF_NETWORK = 10


class AdminLookMixin(ContextMixin, View):
    """A view with the admin's header and title."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the context of every admin page."""
        return super().get_context_data(**kwargs) | admin.site.each_context(self.request)


class QueuedPasswordResetForm(PasswordResetForm):
    """Request a reset link; the worker mails it, so that the response time does not reveal known addresses."""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Queue the mail to each account with this address."""
        for person in self.get_users(self.cleaned_data["email"]):
            send_password_link.enqueue(person.pk)


class PasswordResetView(AdminLookMixin, views.PasswordResetView):
    """Request a link by mail address; without mail, show the person to contact."""

    form_class = QueuedPasswordResetForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Process the form, where the site can send mail."""
        if not settings.EMAIL_IS_CONFIGURED:
            return self.get(request, *args, **kwargs)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        """Queue the mail unless throttled; known and unknown addresses count alike."""
        limits = [
            Limit("reset", normalized(form.cleaned_data["email"]), FREE_OF_ADDRESS),
            Limit("reset-network", network_of(self.request), FREE_OF_NETWORK),
        ]
        wait = count_attempt(limits)
        if not wait:
            return super().form_valid(form)
        form.add_error("email", throttle_error(wait))
        log(f"Password reset refused for {wait} s", limits)
        return with_retry_after(self.form_invalid(form), wait)


class PasswordResetDoneView(AdminLookMixin, views.PasswordResetDoneView):
    """Confirm that a mail was sent if the address is known."""


class PasswordResetConfirmView(AdminLookMixin, views.PasswordResetConfirmView):
    """Choose a new password, at the link of the mail."""

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        """Exempt this browser from the account's throttle, as it proved its owner."""
        response = super().form_valid(form)
        remember_browser(response, form.user.get_username())
        return response


class PasswordResetCompleteView(AdminLookMixin, views.PasswordResetCompleteView):
    """Confirm the new password."""


urlpatterns = [
    path("", PasswordResetView.as_view(), name="admin_password_reset"),
    path("enviada/", PasswordResetDoneView.as_view(), name="password_reset_done"),
    path("<uidb64>/<token>/", PasswordResetConfirmView.as_view(), name="password_reset_confirm"),
    path("lista/", PasswordResetCompleteView.as_view(), name="password_reset_complete"),
]
