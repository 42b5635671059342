"""System check of the kinds of resources: name each place that does not know one yet, before a page fails there."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.checks import CheckMessage, Error, register
from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import CreateModel
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from portal.manual import HELP_CHAPTERS, chapters
from resources.models import Resource
from resources.models.choices import KIND_SLUGS
from resources.weave import MOTIFS

RECIPE = "README.md, «Where things are», lists the steps of a new kind."
HELP = ("resources.admin.sidebar", "HELP")


class Registry(NamedTuple):
    """A mapping that has to know every kind, by its stored value or by its slug."""

    module: str
    name: str
    by_slug: bool = False

    def knows(self, value: str, slug: str) -> bool:
        """Return True if the mapping has the kind."""
        return (slug if self.by_slug else value) in getattr(import_module(self.module), self.name)

    @property
    def place(self) -> str:
        """Where the mapping stands."""
        return f"{self.module.replace('.', '/')}.py, {self.name}"


REGISTRIES = (
    Registry("resources.models.choices", "KIND_SLUGS"),
    Registry("resources.opendata.citations", "MEDIUM"),
    Registry("resources.opendata.reference_formats", "RIS_TYPES"),
    Registry("resources.opendata.page_metadata", "DUBLIN_CORE_TYPES"),
    Registry("resources.opendata.schema_org", "TYPES"),
    Registry("resources.opendata.schema_org", "NODES"),
    Registry("resources.views.browse", "PLURALS"),
    Registry("resources.admin.catalogue", "HINTS"),
    Registry(*HELP),
    Registry("resources.weave", "PALETTES", by_slug=True),
)


@register
def kinds_are_finished(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check every child model of Resource."""
    children = [
        model
        for model in apps.get_app_config("resources").get_models()
        if Resource in model._meta.parents
    ]
    return [error for model in children for error in _missing(model)]


def _missing(model: type[models.Model]) -> Iterator[CheckMessage]:
    value = model._meta.model_name
    slug = str(KIND_SLUGS.get(value, value))
    for registry in REGISTRIES:
        if not registry.knows(value, slug):
            yield _error(value, f"it is missing in {registry.place}", "Add it there.", "E010")
    yield from _desk(model, value)
    yield from _manual(value)
    yield from _drawings(value, slug)
    try:
        get_template(f"resources/{value}_detail.html")
    except TemplateDoesNotExist:
        what = f"templates/resources/{value}_detail.html is not there"
        hint = "Make it; it fills the blocks of templates/resources/resource_detail.html."
        yield _error(value, what, hint, "E012")
    if not _has_migration(value):
        hint = "Run: manage.py makemigrations resources --skip-checks"
        yield _error(value, "no migration makes its table", hint, "E015")


def _desk(model: type[models.Model], value: str) -> Iterator[CheckMessage]:
    if not admin.site.is_registered(model):
        hint = "Register a form for it in resources/admin/kinds.py."
        yield _error(value, "it has no form at the desk", hint, "E011")


def _manual(value: str) -> Iterator[CheckMessage]:
    """The chapter of the editors' manual is named at two places, and stands in a third."""
    named = {
        HELP_CHAPTERS.get(f"resources_{value}_", ""),
        getattr(import_module(HELP[0]), HELP[1]).get(value, ("",))[0],
    }
    if not HELP_CHAPTERS.get(f"resources_{value}_"):
        yield _error(
            value, "it is missing in portal/manual.py, HELP_CHAPTERS", "Add it there.", "E010"
        )
    known = {chapter.slug for chapter in chapters()}
    for slug in sorted(named - known - {""}):
        hint = "Write it under a heading of that name, or correct the name."
        yield _error(value, f"docs/manual-editorial.md has no chapter «{slug}»", hint, "E013")


def _drawings(value: str, slug: str) -> Iterator[CheckMessage]:
    static = Path(settings.BASE_DIR) / "static"
    icons = (static / "img" / "icons.svg").read_text("utf-8")
    for name in (f"i-{slug}", f"t-{slug}"):
        if f'id="{name}"' not in icons:
            yield _error(value, f"static/img/icons.svg has no symbol '{name}'", "Draw it.", "E014")
    covers = static / "img" / "placeholder-covers"
    if not all((covers / f"{slug}-{motif}.svg").is_file() for motif in MOTIFS):
        hint = "Run: python -m resources.weave static/img/placeholder-covers"
        yield _error(value, f"static/img/placeholder-covers has no covers '{slug}-…'", hint, "E014")
    for sheet in ("css/site.css", "desk/desk.css"):
        if f'[data-kind="{slug}"]' not in (static / sheet).read_text("utf-8"):
            what = f"static/{sheet} has no colour for '{slug}'"
            yield _error(value, what, f'Add a rule for [data-kind="{slug}"].', "E014")


def _has_migration(value: str) -> bool:
    """Return True if a migration on the disk makes the model."""
    loader = MigrationLoader(None)
    return any(
        isinstance(operation, CreateModel) and operation.name_lower == value
        for (app, _), migration in loader.disk_migrations.items()
        if app == "resources"
        for operation in migration.operations
    )


def _error(value: str, what: str, hint: str, number: str) -> CheckMessage:
    return Error(
        f"The kind '{value}' is not finished: {what}.",
        hint=f"{hint} {RECIPE}",
        id=f"portal.{number}",
    )
