"""People and groups, for superusers: Django's own desks, with fewer fields and permissions in Spanish."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.http import HttpRequest

ACTIONS = {"add": "agregar", "change": "modificar", "delete": "eliminar", "view": "ver"}

admin.site.unregister(User)
admin.site.unregister(Group)


class PermissionsField(forms.ModelMultipleChoiceField):
    """Permissions, told in Spanish whatever the database says."""

    def label_from_instance(self, permission: Permission) -> str:
        """Tell what the permission allows: "Documento: modificar"."""
        action, _, _ = permission.codename.partition("_")
        model = permission.content_type.model_class()
        name = (model._meta.verbose_name if model else permission.content_type.model).capitalize()
        own = dict(model._meta.permissions) if model else {}
        return f"{name}: {own.get(permission.codename) or ACTIONS.get(action, permission.name)}"


@admin.register(Group)
class DeskGroupAdmin(GroupAdmin):
    """Groups. The two that the site makes are made exact again with each update."""

    filter_horizontal = ()
    fieldsets = [
        (
            None,
            {
                "description": "«Edición» prepara y «Publicación» publica: el sitio los deja como deben ser en cada actualización. "
                "Para otro reparto de tareas, agregue un grupo nuevo.",
                "fields": ["name", "permissions"],
            },
        )
    ]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer this catalogue's permissions only, in Spanish."""
        if db_field.name == "permissions":
            kwargs["form_class"] = PermissionsField
            kwargs["widget"] = forms.CheckboxSelectMultiple
            kwargs["queryset"] = (
                Permission.objects.filter(content_type__app_label="resources")
                .select_related("content_type")
                .order_by("content_type__model", "codename")
            )
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(User)
class DeskUserAdmin(UserAdmin):
    """People who sign in. What they may do comes from their groups."""

    list_display = ("username", "first_name", "last_name", "email", "is_active", "last_login")
    list_filter = ("is_active", "groups", "is_superuser")
    filter_horizontal = ()
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Datos personales", {"fields": ["first_name", "last_name", "email"]}),
        (
            "Qué puede hacer",
            {
                "description": "Para entrar aquí hace falta «es staff» y un grupo: «Edición» prepara, «Publicación» además publica. "
                "A quien deja el equipo, quítele «activo»: lo que hizo se conserva.",
                "fields": ["is_active", "is_staff", "groups", "is_superuser"],
            },
        ),
        ("Fechas", {"classes": ["collapse"], "fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ("last_login", "date_joined")
