"""Users and groups: managers administer them without superuser rights and grant only permissions of their own."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from resources.admin.optimistic_locking import EditConflictMixin
from resources.admin.permissions import signed_in
from resources.groups import GROUPS, desk_apps
from resources.text import one_line

ACTIONS = {"add": "agregar", "change": "modificar", "delete": "eliminar", "view": "ver"}
admin.site.unregister(User)
admin.site.unregister(Group)


def own_permissions(request: HttpRequest) -> QuerySet[Permission]:
    """Return the permissions that the user may grant: the user's own."""
    permissions = Permission.objects.filter(
        Q(content_type__app_label__in=desk_apps())
        | Q(content_type__app_label="auth", content_type__model__in=["user", "group"])
    )
    if request.user.is_superuser:
        return permissions
    return permissions.filter(Q(group__user=request.user) | Q(user=request.user)).distinct()


def within_reach(request: HttpRequest) -> QuerySet[Group]:
    """Return the groups that hold nothing that the person lacks."""
    if request.user.is_superuser:
        return Group.objects.all()
    beyond = Permission.objects.exclude(pk__in=own_permissions(request).values("pk"))
    return Group.objects.exclude(permissions__in=beyond)


def may_manage(request: HttpRequest, person: User) -> bool:
    """Return whether the user may change `person`: never a superuser or someone with more permissions.

    Whoever is inactive counts as if they were active: making them so again is one of the things to be bounded.
    """
    if request.user.is_superuser:
        return True
    return (
        not person.is_superuser
        and not _held(person).exclude(pk__in=_held(signed_in(request))).exists()
    )


def _held(person: User) -> QuerySet[Permission]:
    held = Q(group__user=person) | Q(user=person)
    return Permission.objects.filter(held).order_by().distinct()


class PermissionsField(forms.ModelMultipleChoiceField):
    """Permissions, told in Spanish whatever the database says."""

    def label_from_instance(self, permission: Permission) -> str:
        """Return the label of a permission: "Documento: modificar"."""
        action, _, _ = permission.codename.partition("_")
        model = permission.content_type.model_class()
        name = str(
            model._meta.verbose_name if model else permission.content_type.model
        ).capitalize()
        own = dict(model._meta.permissions) if model else {}
        return f"{name}: {own.get(permission.codename) or ACTIONS.get(action, permission.name)}"


class GroupForm(forms.ModelForm):
    """A group; its name is not one of those that the site makes."""

    def clean_name(self) -> str:
        """Reserve the names of built-in groups."""
        name = one_line(self.cleaned_data["name"])
        if name in GROUPS and self.instance.name != name:
            raise forms.ValidationError("Ese nombre es de un grupo del sitio: elija otro.")
        return name


@admin.register(Group)
class DeskGroupAdmin(EditConflictMixin, GroupAdmin):
    """Groups. The built-in ones are reset with each update; others contain only permissions of their creator."""

    form = GroupForm
    filter_horizontal = ()
    fieldsets = [
        (
            None,
            {
                "description": "«Edición» prepara, «Publicación» publica y «Jefatura» además cuida las cuentas: el sitio los deja como "
                "deben ser en cada actualización. Para otro reparto de tareas, agregue un grupo nuevo. Solo puede dar permisos "
                "que usted tiene.",
                "fields": ["name", "permissions"],
            },
        )
    ]

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Forbid changes of the site's own groups, and of groups with more permissions than the user."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or self._in_reach(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """As for changing it."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or self._in_reach(request, obj))

    def _in_reach(self, request: HttpRequest, group: Group) -> bool:
        if request.user.is_superuser:
            return True
        return group.name not in GROUPS and within_reach(request).filter(pk=group.pk).exists()

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Remove bulk deletion: the delete page of each lists the consequences."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any
    ) -> Any:
        """Offer the permissions that the person has, in Spanish."""
        if db_field.name == "permissions" and request is not None:
            kwargs["form_class"] = PermissionsField
            kwargs["widget"] = forms.CheckboxSelectMultiple
            kwargs["queryset"] = (
                Permission.objects.filter(pk__in=own_permissions(request).values("pk"))
                .select_related("content_type")
                .order_by("content_type__model", "codename")
            )
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(User)
class DeskUserAdmin(EditConflictMixin, UserAdmin):
    """Users, whose permissions come from their groups."""

    list_display = ("username", "first_name", "last_name", "in_groups", "is_active", "last_login")
    list_filter = ("is_active", "groups", "is_superuser")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Fetch the groups of all rows at once."""
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="grupos")
    def in_groups(self, person: User) -> str:
        """Return the groups of the user, or "everything" for a superuser."""
        groups = ", ".join(group.name for group in person.groups.all())
        return groups or ("Puede hacerlo todo" if person.is_superuser else "")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> list[tuple]:
        """Show permissions on the add form too; superuser fields only to superusers."""
        if obj is None:
            return [
                (None, {"fields": ["username", "usable_password", "password1", "password2"]}),
                ("Datos personales", {"fields": ["first_name", "last_name", "email"]}),
                _rights(request),
            ]
        return [
            (None, {"fields": ["username", "password"]}),
            ("Datos personales", {"fields": ["first_name", "last_name", "email"]}),
            _rights(request),
            ("Fechas", {"classes": ["collapse"], "fields": ["last_login", "date_joined"]}),
        ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Preset staff status."""
        return {"is_staff": True, "is_active": True} | super().get_changeform_initial_data(request)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Return whether the user may change this person: a password gives access to all their permissions."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_manage(request, obj))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Remove bulk deletion: former users become inactive."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the groups that hold nothing beyond the person's own permissions."""
        if db_field.name == "groups":
            kwargs["queryset"] = within_reach(request)
            kwargs["widget"] = forms.CheckboxSelectMultiple
            kwargs["help_text"] = "Lo que la persona puede hacer es lo que puede su grupo."
        return super().formfield_for_manytomany(db_field, request, **kwargs)


def _rights(request: HttpRequest) -> tuple[str, dict[str, Any]]:
    more = ["is_superuser"] if request.user.is_superuser else []
    return (
        "Qué puede hacer",
        {
            "description": "Para entrar hacen falta la marca «entra a la mesa editorial» y un grupo: «Edición» prepara, "
            "«Publicación» además publica, «Jefatura» además cuida las cuentas. "
            "A quien deja el equipo, quítele «activo»: lo que hizo se conserva.",
            "fields": ["is_active", "is_staff", "groups", *more],
        },
    )
