"""The dry run of an import: the planned change or all errors of each row."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, cast

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest

from resources.admin.bulk.operations import NOT_ALLOWED
from resources.admin.import_export.row_results import RowResult
from resources.admin.permissions import can_publish, may_change, next_states
from resources.admin.tag_field import TagsField
from resources.models import Organization, Resource, Revision, Section
from resources.models.kind_spec import all_kinds
from resources.opendata import cells
from resources.opendata import tabular as table
from resources.opendata.spreadsheets import Line, is_unchanged
from resources.text import fold
from resources.workflow import requirements
from resources.workflow.diff import Difference, between

Status = Resource.Status


class Planner:
    """Plans the rows of one import for one user. Shared lookups are read once."""

    def __init__(self, request: HttpRequest, lines: Iterable[Line]) -> None:
        self.request = request
        self.lines = list(lines)
        slugs = {line.cells.get(table.KEY, "") for line in self.lines} - {""}
        found = Resource.objects.filter(slug__in=slugs).with_kind()
        self.by_slug = {
            resource.slug: resource.specific
            for resource in found.select_related("section", "issuer").prefetch_related("tags")
        }
        self.sections = {
            fold(name): row for row in Section.objects.all() for name in (row.title, row.slug)
        }
        self.issuers = {
            fold(name): row
            for row in Organization.objects.all()
            for name in (row.name, row.acronym, str(row))
            if name
        }
        titles = Resource.objects.in_catalogue().values_list("title", "slug")
        self.titles = {fold(title): slug for title, slug in titles}
        self.seen: dict[str, int] = {}

    def plans(self) -> list[RowResult]:
        """Return the planned result of each row."""
        return [self._plan(line) for line in self.lines]

    def _plan(self, line: Line) -> RowResult:
        plan = RowResult(
            line.number, line.cells.get(table.TITLE, "") or line.cells.get(table.KEY, "")
        )
        resource = self._resource(line, plan)
        if resource is None:
            return plan
        plan.resource, plan.title = resource, plan.title or resource.title
        before = table.editable_cells(resource)
        before[table.STATUS] = resource.get_status_display()
        line = _changed_cells(line, resource, before)
        self._set_leading(line, plan, resource)
        self._set_columns(line, plan, resource)
        self._set_status(line, plan, resource)
        if not plan.errors:
            plan.differences = self._differences(line, plan, resource, before)
        if plan.changes:
            self._check(plan, resource)
        return plan

    def _resource(self, line: Line, plan: RowResult) -> Resource | None:
        """Return the resource that the line is about, new or not; None where that is not clear."""
        slug = line.cells.get(table.KEY, "")
        kind = self._kind(line, plan)
        if plan.errors:
            return None
        key = slug or fold(line.cells.get(table.TITLE, ""))
        if key in self.seen:
            plan.errors.append(
                (table.KEY, f"Está repetido: ya aparece en la línea {self.seen[key]}.")
            )
            return None
        if key:
            self.seen[key] = line.number
        try:
            return self._known(slug, kind) if slug else self._new(line, kind)
        except ValidationError as refusal:
            plan.errors.append((table.KEY if slug else "", refusal.messages[0]))
            return None

    def _kind(self, line: Line, plan: RowResult) -> str:
        slug = line.cells.get(table.KIND, "")
        names = {fold(word): spec.name for spec in all_kinds() for word in (spec.label, spec.slug)}
        if slug and fold(slug) not in names:
            known = ", ".join(spec.slug for spec in all_kinds())
            plan.errors.append((table.KIND, f"«{slug}» no es un tipo: {known}."))
        return names.get(fold(slug), "")

    def _known(self, slug: str, kind: str) -> Resource:
        resource = self.by_slug.get(slug)
        if resource is None:
            raise ValidationError(
                f"No hay ningún recurso en «{slug}». Para crear uno nuevo, deje vacía la dirección."
            )
        if resource.deleted_at:
            raise ValidationError("Está en la papelera: restáurelo primero.")
        if kind and kind != resource.kind:
            raise ValidationError("El tipo de un recurso no cambia: cree uno nuevo.")
        codename = f"resources.change_{resource.kind}"
        if not (self.request.user.has_perm(codename) and may_change(self.request, resource)):
            raise ValidationError(NOT_ALLOWED)
        return resource

    def _new(self, line: Line, kind: str) -> Resource:
        title = line.cells.get(table.TITLE, "")
        if not kind:
            raise ValidationError("Es nuevo: diga de qué tipo es en la columna «tipo».")
        if not title:
            raise ValidationError("Es nuevo: escriba su título.")
        if not line.cells.get(table.SECTION):
            raise ValidationError("Es nuevo: diga en qué sección va.")
        if slug := self.titles.get(fold(title)):
            raise ValidationError(
                f"Ya existe un recurso con ese título. Para cambiarlo, escriba su dirección: {slug}"
            )
        if not self.request.user.has_perm(f"resources.add_{kind}"):
            raise ValidationError("Su cuenta no puede agregar recursos de este tipo.")
        return apps.get_model("resources", kind)(kind=kind)

    def _set_leading(self, line: Line, plan: RowResult, resource: Resource) -> None:
        """Set the columns that stand for several fields or for a related row."""
        readers: dict[str, Callable[[str], None]] = {
            table.TITLE: lambda text: setattr(resource, "title", text),
            table.SECTION: lambda text: self._link(resource, "section", self.sections, text),
            table.ISSUER: lambda text: self._link(resource, "issuer", self.issuers, text),
            table.ISSUED: lambda text: self._issue(resource, text),
            table.TAGS: lambda text: setattr(plan, "tags", TagsField(required=False).clean(text)),
        }
        for name, set_value in readers.items():
            if name in line.cells:
                self._try(plan, name, partial(set_value, line.cells[name]))

    def _link(self, resource: Resource, name: str, known: dict[str, Any], text: str) -> None:
        row = known.get(fold(text))
        if text and row is None:
            label = cast(models.Field, Resource._meta.get_field(name)).verbose_name
            raise ValidationError(
                f"No existe esa {label}: «{text}». Créela primero o corrija el nombre."
            )
        setattr(resource, name, row)

    def _issue(self, resource: Resource, text: str) -> None:
        resource.issued_on, resource.issued_on_precision = cells.read_issue(text)

    def _set_columns(self, line: Line, plan: RowResult, resource: Resource) -> None:
        """Set the columns of one field each."""
        for column in table.plain_columns():
            text = line.cells.get(column.desk)
            if text is None:
                continue
            field = table.model_field(column, resource)
            if field is not None:
                self._try(
                    plan,
                    column.desk,
                    partial(_read_into, resource, field, text),
                )
            elif text:
                label = resource.spec.label.lower()
                plan.errors.append((column.desk, f"No corresponde a este tipo: {label}."))

    def _try(self, plan: RowResult, name: str, act: Callable[[], None]) -> None:
        try:
            act()
        except ValidationError as refusal:
            plan.errors += [(name, message) for message in refusal.messages]

    def _set_status(self, line: Line, plan: RowResult, resource: Resource) -> None:
        """Find the step that leads to the state asked for, if the person may take it."""
        text = line.cells.get(table.STATUS, "")
        if not text:
            return
        try:
            asked = cells.read(Resource._meta.get_field("status"), text)
        except ValidationError as refusal:
            plan.errors.append((table.STATUS, refusal.messages[0]))
            return
        if asked == resource.status:
            return
        taken = {
            Status.DRAFT: Revision.Action.RETURNED,
            Status.REVIEW: Revision.Action.SUBMITTED,
            Status.PUBLISHED: Revision.Action.PUBLISHED,
        }
        if asked == Status.WITHDRAWN:
            plan.errors.append((table.STATUS, "Retirar pide un motivo: hágalo en la mesa."))
        elif asked not in next_states(resource, can_publish(self.request)):
            plan.errors.append((table.STATUS, f"No puede pasar a «{text}». {NOT_ALLOWED}"))
        else:
            plan.step = taken[asked]

    def _check(self, plan: RowResult, resource: Resource) -> None:
        """Validate as the form does: the model, then the publication blockers."""
        try:
            resource.full_clean(exclude=["slug", "sort_title", "cover"])
        except ValidationError as refusal:
            for name, messages in refusal.message_dict.items():
                plan.errors += [(_heading(name, resource), message) for message in messages]
        if plan.step == Revision.Action.PUBLISHED or resource.status == Status.PUBLISHED:
            is_new = plan.step == Revision.Action.PUBLISHED
            asked = (
                requirements.publication_problems if is_new else requirements.publication_blockers
            )
            problems = asked(resource)
            plan.errors += [
                (_heading(name, resource), message) for name, message in problems.items()
            ]

    def _differences(
        self, line: Line, plan: RowResult, resource: Resource, before: dict[str, str]
    ) -> list[Difference]:
        after = table.editable_cells(resource)
        if plan.tags is not None:
            after[table.TAGS] = ", ".join(plan.tags)
            if {fold(tag) for tag in plan.tags} == {
                fold(tag) for tag in before[table.TAGS].split(", ") if tag
            }:
                after[table.TAGS] = before[table.TAGS]
        if plan.step:
            after[table.STATUS] = Status(
                cells.read(Resource._meta.get_field("status"), line.cells[table.STATUS])
            ).label
        return [
            between(_label(name), before[name], after[name])
            for name in after
            if name in line.cells and before[name] != after[name] and name != table.KEY
        ]


def _changed_cells(line: Line, resource: Resource, before: dict[str, str]) -> Line:
    """Return the cells that differ from an export of the stored row, without empty cells of required fields."""
    needed = {table.TITLE, table.SECTION} if resource.pk else set()
    return Line(
        line.number,
        {
            name: text
            for name, text in line.cells.items()
            if not is_unchanged(text, before.get(name, "")) and (text or name not in needed)
        },
    )


def _heading(field_name: str, resource: Resource) -> str:
    """Return the column heading of a model field; "" for none."""
    special = {
        "title": table.TITLE,
        "section": table.SECTION,
        "issuer": table.ISSUER,
        "issued_on": table.ISSUED,
        "issued_on_precision": table.ISSUED,
        "slug": table.KEY,
        "status": table.STATUS,
    }
    by_field = {
        field.name: column.desk
        for column in table.plain_columns()
        if (field := table.model_field(column, resource))
    }
    return special.get(field_name) or by_field.get(field_name, "")


LABELS = {
    table.KIND: "tipo",
    table.TITLE: "título",
    table.SECTION: "sección",
    table.TAGS: "etiquetas",
    table.ISSUER: "entidad emisora",
    table.ISSUED: "fecha de emisión",
    table.STATUS: "estado",
}


def _label(name: str) -> str:
    labels = {column.desk: table.label(column) for column in table.plain_columns()}
    return labels.get(name) or LABELS.get(name, name)


def _read_into(resource: Resource, field: Any, text: str) -> None:
    setattr(resource, field.name, cells.read(field, text))
