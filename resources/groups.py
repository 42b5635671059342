"""Editor groups and their permissions, synchronised after each migration."""

from typing import Any

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import DEFAULT_DB_ALIAS, connections, router
from django.db.models import Q

from resources.models.kind_spec import kind_names

EDITING = "Edición"
PUBLISHING = "Publicación"
LEADING = "Jefatura"

_EVERY = ("add", "change", "delete", "view")


def _named(models: tuple[str, ...], *actions: str) -> frozenset[str]:
    return frozenset(f"{action}_{model}" for model in models for action in actions)


GROUPS = (EDITING, PUBLISHING, LEADING)


def group_permissions() -> dict[str, frozenset[str]]:
    """Return the codenames of this app's permissions by group.

    An app above declares those of its own models in its AppConfig: `desk_permissions`. Whoever leads may do there what
    whoever publishes may, and manages people; what they can give is bounded by resources/admin/users.py.
    """
    # `delete` on a kind is the trash, and for this group of drafts only (resources/admin/permissions.py).
    prepares = (
        _named((*kind_names(), "resourcefile", "legalrelation"), *_EVERY)
        | _named(("tag", "organization"), "add", "change", "view")
        | _named(("resource", "fileversion"), "view")
        | _named(("link",), "view", "change")
    )
    publishes = (
        prepares
        | {"publish_resource"}
        | _named(("section", "page", "tag", "organization"), *_EVERY)
        | _named(("sitesettings",), "change", "view")
        | _named(("redirect",), "view")
    )
    return {EDITING: prepares, PUBLISHING: publishes, LEADING: publishes}


SYNONYMS = dict.fromkeys((PUBLISHING, LEADING), _named(("synonym",), *_EVERY))
PEOPLE = _named(("user",), "add", "change", "view") | _named(("group",), *_EVERY)

_TABLES = {"auth_group", "auth_permission", "auth_group_permissions", "django_content_type"}


def sync_groups(sender: Any = None, *, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Set the groups' permissions in the database `using`; a receiver of post_migrate.

    Other groups, and who belongs to these, stay as they are. Nothing happens where the tables of
    `auth` are not there (another database of a router, a half-way migration).
    """
    models = installed if kwargs.get("apps") is None else kwargs["apps"]
    if not router.allow_migrate(using, "auth", model_name="group"):
        return
    if not set(connections[using].introspection.table_names()) >= _TABLES:
        return
    # Receivers run in the order of INSTALLED_APPS, so auth may not have made the permissions yet.
    granted = {
        "resources": group_permissions(),
        "search": SYNONYMS,
        "auth": {LEADING: PEOPLE},
    } | _of_other_apps()
    for label in granted:
        create_permissions(installed.get_app_config(label), verbosity=0, using=using, apps=models)
    group_model = installed.get_model("auth", "Group")
    permissions = installed.get_model("auth", "Permission").objects.using(using)
    for name in GROUPS:
        group, _ = group_model.objects.using(using).get_or_create(name=name)
        wanted = Q(pk__in=())
        for label, groups in granted.items():
            wanted |= Q(content_type__app_label=label, codename__in=groups.get(name, ()))
        group.permissions.set(permissions.filter(wanted))


def _of_other_apps() -> dict[str, dict[str, frozenset[str]]]:
    """Return the permissions that the apps above declare for their own models, with those of leaders."""
    told = {
        config.label: config.desk_permissions
        for config in installed.get_app_configs()
        if hasattr(config, "desk_permissions")
    }
    return {
        label: {LEADING: groups.get(PUBLISHING, frozenset())} | groups
        for label, groups in told.items()
    }


def desk_apps() -> list[str]:
    """Return the apps whose permissions the admin gives, those over users excepted."""
    return ["resources", "search", *_of_other_apps()]
