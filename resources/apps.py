"""The app, and the one receiver of what models tell when they are written: it must not be forgotten, so nobody has to remember it.

It raises `content_version` and writes the search entry, both in the transaction of what changed.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db import connection, transaction
from django.db.models import Model
from django.db.models.signals import (
    m2m_changed,
    post_delete,
    post_migrate,
    post_save,
    pre_save,
)
from django.utils import timezone


class ResourcesConfig(AppConfig):
    """The catalogue of resources."""

    name = "resources"
    verbose_name = "Catálogo"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        """Import the models of the kinds too; they stand outside models/ because they build on it."""
        super().import_models()
        import_module("resources.kinds")

    def ready(self) -> None:
        """Connect the receiver and register the system checks; the desk's groups follow each migration."""
        from resources import checks, search_setup  # noqa: F401
        from resources.files.packs.builder import request_refresh
        from resources.groups import sync_groups
        from resources.models.base import InternalModel, compose_texts, content_changed
        from search.index.writer import queue_index_updates

        self.queue_index_updates, self.request_refresh = queue_index_updates, request_refresh
        self.desk_model, self.compose_texts = InternalModel, compose_texts
        pre_save.connect(self.compose, dispatch_uid="compose-texts")
        for signal in (post_save, post_delete, m2m_changed):
            signal.connect(self.raise_content_version, dispatch_uid=f"content-version-{id(signal)}")
        post_migrate.connect(search_setup.install, sender=self, dispatch_uid="search-index")
        post_migrate.connect(self.migrated, sender=self, dispatch_uid="content-version-migrated")
        post_migrate.connect(sync_groups, sender=self, dispatch_uid="desk-groups")
        content_changed.connect(self.raise_content_version, dispatch_uid="content-version-bulk")

    def compose(self, sender: type[Model], instance: Model, **kwargs: Any) -> None:
        """Store texts in one form (NFC), whichever door they came in by."""
        if sender._meta.app_label in (self.label, "participation", "maintenance", "auth"):
            self.compose_texts(instance)

    def raise_content_version(
        self, sender: type[Model], instance: Model | None = None, due: Any = None, **kwargs: Any
    ) -> None:
        """Raise `content_version` for any write to this app's rows, and note when time will change the row.

        It stays as it is for a row of the desk alone, and for one that says that nobody outside could see it.
        """
        if not self._is_ours(sender) or kwargs.get("raw"):
            return
        if issubclass(sender, self.desk_model):
            return
        if instance is not None and hasattr(instance, "next_due"):
            due = instance.next_due(timezone.now())
        shown = not hasattr(instance, "is_shown") or instance.is_shown()
        if shown:
            self.get_model("SiteSettings").content_changed(due)
        elif due is not None:
            self.get_model("SiteSettings").note_due(due)
        deleted = kwargs.pop("signal", None) is post_delete
        self.queue_index_updates(
            sender, instance, kwargs.pop("rows", ()), deleted=deleted, **kwargs
        )
        if shown:
            self._refresh_packs(sender)

    def _refresh_packs(self, sender: type[Model]) -> None:
        """Have the packs compared once the change is committed; a pack that was built asks for no other."""
        if sender._meta.model_name != "pack":
            transaction.on_commit(self.request_refresh)

    def _is_ours(self, model: type[Model]) -> bool:
        """Return whether `model` is of this app as it is now; the models of a migration are not."""
        return self.models.get(model._meta.model_name) is model

    def migrated(self, plan: Sequence[tuple[Any, bool]] = (), **kwargs: Any) -> None:
        """Raise `content_version` once after migrations, whose models no other receiver heeds."""
        if plan and "resources_sitesettings" in connection.introspection.table_names():
            self.get_model("SiteSettings").content_changed()
