"""The app, and the one receiver of what models tell when they are written: it must not be forgotten, so nobody has to remember it.

It raises `content_version` and writes the search entry, both in the transaction of what changed.
"""

from typing import Any

from django.apps import AppConfig
from django.db import transaction
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

    def ready(self) -> None:
        """Connect the receiver and register the system checks; the desk's groups follow each migration."""
        from resources import checks, search_setup  # noqa: F401
        from resources.files.packs.builder import request_refresh
        from resources.groups import sync_groups
        from resources.models.base import DeskModel, compose_texts, content_changed
        from search.index.writer import note_change

        self.note_change, self.request_refresh = note_change, request_refresh
        self.desk_model, self.compose_texts = DeskModel, compose_texts
        pre_save.connect(self.compose, dispatch_uid="compose-texts")
        for signal in (post_save, post_delete, m2m_changed):
            signal.connect(self.raise_content_version, dispatch_uid=f"content-version-{id(signal)}")
        post_migrate.connect(search_setup.install, sender=self, dispatch_uid="search-index")
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
        if sender._meta.app_label != self.label or kwargs.get("raw"):
            return
        if issubclass(sender, self.desk_model):
            return
        if instance is not None and hasattr(instance, "next_due"):
            due = instance.next_due(timezone.now())
        shown = not hasattr(instance, "is_shown") or instance.is_shown()
        if shown:
            self.get_model("Portal").content_changed(due)
        elif due is not None:
            self.get_model("Portal").note_due(due)
        deleted = kwargs.pop("signal", None) is post_delete
        self.note_change(sender, instance, kwargs.pop("rows", ()), deleted=deleted, **kwargs)
        if shown:
            self._refresh_packs(sender)

    def _refresh_packs(self, sender: type[Model]) -> None:
        """Have the packs compared once the change is committed; a pack that was built asks for no other."""
        name = sender._meta.model_name
        is_ours = self.models.get(name) is sender  # a migration's models are not
        if is_ours and name != "pack":
            transaction.on_commit(self.request_refresh)
