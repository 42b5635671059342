"""Forgotten passwords: the four steps of Django in the desk's look; without mail, who can help instead."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views
from django.http import HttpRequest, HttpResponse
from django.urls import path


class DeskMixin:
    """A page that carries the desk's header and title."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what every page of the desk knows."""
        return super().get_context_data(**kwargs) | admin.site.each_context(self.request)


class AskView(DeskMixin, views.PasswordResetView):
    """Ask for the address to write to. Without mail nothing is sent and the page says whom to ask."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the message, where the site can send any."""
        if not settings.EMAIL_IS_CONFIGURED:
            return self.get(request, *args, **kwargs)
        self.extra_email_context = {"site_url": settings.SITE_URL, "portal": request.portal}
        return super().post(request, *args, **kwargs)


class SentView(DeskMixin, views.PasswordResetDoneView):
    """Say that a message is on its way if the address is known."""


class ChooseView(DeskMixin, views.PasswordResetConfirmView):
    """Choose a new password, by the link of the message."""


class DoneView(DeskMixin, views.PasswordResetCompleteView):
    """Say that the new password counts."""


urlpatterns = [
    path("", AskView.as_view(), name="admin_password_reset"),
    path("enviada/", SentView.as_view(), name="password_reset_done"),
    path("<uidb64>/<token>/", ChooseView.as_view(), name="password_reset_confirm"),
    path("lista/", DoneView.as_view(), name="password_reset_complete"),
]
