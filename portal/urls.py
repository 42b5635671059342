"""All addresses: the admin's, the password reset's, the catalogue's."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path

urlpatterns = [
    path("admin/clave/", auth.PasswordResetView.as_view(), name="admin_password_reset"),
    path("admin/clave/enviada/", auth.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path("admin/clave/<uidb64>/<token>/", auth.PasswordResetConfirmView.as_view(), name="password_reset_confirm"),
    path("admin/clave/lista/", auth.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    path("admin/", admin.site.urls),
    path("", include("resources.urls")),
]

handler404 = "resources.views.site.not_found"
handler500 = "resources.views.site.server_error"
