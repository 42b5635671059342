"""System checks of the kinds: a declaration that lacks something is an error that names it, before a page fails."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import CreateModel
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.text import slugify

from resources.models import Resource
from resources.models.kind_spec import KindSpec, all_kinds, is_registered, kind_spec

RECIPE = "docs/new-kind.md is the recipe of a new kind."


@register
def kinds_are_complete(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check the KindSpec of each child model of Resource, and the names in it."""
    errors: list[CheckMessage] = []
    for model in apps.get_app_config("resources").get_models():
        if Resource not in model._meta.parents:
            continue
        name = str(model._meta.model_name)
        if is_registered(name):
            errors += _errors_of(kind_spec(name))
        else:
            hint = "Call register(KindSpec(…)) in its module."
            errors.append(_error(name, "it has no declaration", hint, "E001"))
    return errors + list(_repeated_names())


def _errors_of(spec: KindSpec) -> Iterator[CheckMessage]:
    for name in spec.REQUIRED:
        if not getattr(spec, name):
            yield _error(spec.name, f"its KindSpec lacks `{name}`", "Add it.", "E002")
    yield from _unknown_fields(spec)
    try:
        get_template(spec.template)
    except TemplateDoesNotExist:
        hint = "Make it; it fills the blocks of templates/resources/resource_detail.html."
        yield _error(spec.name, f"templates/{spec.template} is not there", hint, "E004")
    if not _has_migration(spec.name):
        hint = "Run: manage.py makemigrations resources --skip-checks"
        yield _error(spec.name, "no migration makes its table", hint, "E005")
    if spec.help_chapter and spec.help_anchor not in _chapters():
        what = f"docs/manual-editorial.md has no chapter «{spec.help_chapter}»"
        yield _error(spec.name, what, "Write it, or correct `help_chapter`.", "E006")
    if spec.slug:
        yield from _missing_drawings(spec)


def _unknown_fields(spec: KindSpec) -> Iterator[CheckMessage]:
    named = {field.name for field in spec.fields} | set(spec.requirements)
    for name in sorted(named | {spec.type_field, spec.address_field} - {""}):
        try:
            spec.model_field(name)
        except FieldDoesNotExist:
            what = f"its KindSpec names the field `{name}`, which the model lacks"
            yield _error(spec.name, what, "Correct one of the two.", "E003")


def _missing_drawings(spec: KindSpec) -> Iterator[CheckMessage]:
    """Yield an error for each missing symbol, placeholder cover and colour."""
    static = Path(settings.BASE_DIR) / "static"
    icons = (static / "img" / "icons.svg").read_text("utf-8")
    for symbol in (f"i-{spec.icon}", f"t-{spec.slug}"):
        if f'id="{symbol}"' not in icons:
            what = f"static/img/icons.svg has no symbol '{symbol}'"
            yield _error(spec.name, what, "Draw it.", "E007")
    covers = static / "img" / "placeholder-covers"
    if not all((covers / f"{spec.slug}-{motif}.svg").is_file() for motif in spec.motifs):
        what = f"static/img/placeholder-covers has no covers '{spec.slug}-…'"
        hint = "Run: python -m fixtures.make.placeholder_covers"
        yield _error(spec.name, what, hint, "E007")
    for sheet in ("css/site.css", "desk/desk.css"):
        if f'[data-kind="{spec.slug}"]' not in (static / sheet).read_text("utf-8"):
            what = f"static/{sheet} has no colour for '{spec.slug}'"
            hint = f'Add a rule for [data-kind="{spec.slug}"].'
            yield _error(spec.name, what, hint, "E007")


def _repeated_names() -> Iterator[CheckMessage]:
    """Yield an error for each slug of two kinds, and each heading or API name of two different fields."""
    slugs = Counter(spec.slug for spec in all_kinds())
    for spec in all_kinds():
        if slugs[spec.slug] > 1:
            what = f"another kind has the slug '{spec.slug}' too"
            yield _error(spec.name, what, "Choose another.", "E008")
    for attribute in ("desk", "api", "table"):
        columns: dict[str, tuple[str, str, str]] = {}
        for spec in all_kinds():
            for field in spec.fields:
                name, names = getattr(field, attribute), (field.desk, field.api, field.table)
                if name and columns.setdefault(name, names) != names:
                    what = f"`{field.name}` and a field of another kind share the name '{name}'"
                    hint = "Share all of desk, api and table, or none."
                    yield _error(spec.name, what, hint, "E008")


def _has_migration(name: str) -> bool:
    """Return whether a migration on the disk makes the model."""
    return any(
        isinstance(operation, CreateModel) and operation.name_lower == name
        for (app, _), migration in MigrationLoader(None).disk_migrations.items()
        if app == "resources"
        for operation in migration.operations
    )


def _chapters() -> set[str]:
    """Return the anchors of the editors' manual."""
    text = (Path(settings.BASE_DIR) / "docs" / "manual-editorial.md").read_text("utf-8")
    return {slugify(title) for title in re.findall(r"^## (.+)$", text, re.M)}


def _error(kind: str, what: str, hint: str, number: str) -> CheckMessage:
    return Error(
        f"The kind '{kind}' is not complete: {what}.",
        hint=f"{hint} {RECIPE}",
        id=f"resources.{number}",
    )
