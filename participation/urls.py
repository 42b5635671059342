"""Addresses of the public forms."""

from django.urls import path

from participation import views

urlpatterns = [
    path("solicitar/", views.request_format, name="request-format"),
    path("reportar/", views.report, name="report"),
    path("seguimiento/<slug:token>/", views.follow, name="ticket"),
]
