"""Bulk actions on resources: a confirmation page with the outcome for each, then the change."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from resources.admin.bulk.operations import BULK_STEPS, BulkStep
from resources.admin.permissions import can_publish
from resources.locking import lock
from resources.models import Resource
from resources.models.kind_spec import kind_names
from resources.workflow.concurrency import refuse_revision
from resources.workflow.diff import Difference
from search.index.writer import batch_index_updates

logger = logging.getLogger(__name__)

MOST = 500  # resources at once: more would keep the browser waiting for minutes
SEEN = "seen-"
"""Prefix of the fields that carry back the revision of each resource that the person was shown."""
FAILED = "No se pudo guardar por una falla del sitio: inténtelo otra vez en unos minutos."


@dataclass
class Row:
    """The planned change of one selected resource, or the reason why there is none."""

    resource: Resource
    differences: list[Difference] = field(default_factory=list)
    refusal: str = ""
    outcome: str = ""
    """What the step tells once it is done, more than the title."""


class BulkMixin(admin.ModelAdmin):
    """A ModelAdmin of resources with steps for many. A kind may add its own to `bulk_steps`."""

    bulk_steps: tuple[BulkStep, ...] = BULK_STEPS

    def has_bulk_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may change any kind; each resource is checked on its own."""
        return any(request.user.has_perm(f"resources.change_{kind}") for kind in kind_names())

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may publish."""
        return can_publish(request)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer the steps that the person may take, instead of the stock deletion."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        if not actions and request.GET.get("_popup"):
            return actions
        offered = [
            s for s in self.bulk_steps if getattr(self, f"has_{s.permission}_permission")(request)
        ]
        return actions | {step.name: (_action(step), step.name, step.label) for step in offered}

    def bulk_page(
        self, request: HttpRequest, step: BulkStep, queryset: QuerySet[Resource]
    ) -> HttpResponse | None:
        """Show the form, the confirmation, then apply the action and redirect to the changelist."""
        joins = kind_names() if self.model is Resource else []
        chosen = queryset.select_related("section", *joins).order_by("sort_title", "pk")
        resources = [resource.specific for resource in chosen[: MOST + 1]]
        if len(resources) > MOST:
            why = f"Son demasiados a la vez: elija hasta {MOST}."
            self.message_user(request, why, messages.ERROR)
            return None
        stage = request.POST.get("stage", "")
        form = step.form(request.POST if stage else None) if step.form else None
        is_ready = form is None or (bool(stage) and form.is_valid())
        values = form.cleaned_data if form and is_ready else {}
        rows = (
            [self._row(request, step, resource, values) for resource in resources]
            if is_ready
            else []
        )
        if stage == "do" and is_ready:
            self._do(request, step, rows, values)
            return None
        return self._show(request, step, form, resources, rows)

    def _row(
        self, request: HttpRequest, step: BulkStep, resource: Resource, values: dict[str, Any]
    ) -> Row:
        desk: Any = self.admin_site.get_model_admin(type(resource))
        if not desk.has_kind_permission(request):
            return Row(resource, refusal="Su cuenta no trabaja con este tipo de recurso.")
        try:
            return Row(resource, step.plan(request, resource, values))
        except ValidationError as refusal:
            return Row(resource, refusal=" ".join(refusal.messages))

    def has_kind_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may change resources of this kind in any state."""
        return request.user.has_perm(f"resources.change_{self.opts.model_name}")

    def _do(
        self, request: HttpRequest, step: BulkStep, rows: Iterable[Row], values: dict[str, Any]
    ) -> None:
        """Apply the action to each row in its own transaction; report successes and failures with reasons."""
        done, refused = [], defaultdict(list)
        for row in rows:
            if not row.refusal:
                row.refusal = self._do_one(request, step, row, values)
            if row.refusal:
                refused[row.refusal].append(f"«{row.resource}»")
            else:
                done.append(row)
        if done:
            outcomes = [row.outcome for row in done if row.outcome]
            titles = " ".join(outcomes) or ", ".join(f"«{row.resource}»" for row in done) + "."
            told = f"{step.label}: {len(done)} {_resources(len(done))}. {titles}"
            self.message_user(request, told, messages.SUCCESS)
        for refusal, names in refused.items():
            told = f"Sin cambios: {', '.join(names)}. {refusal}"
            self.message_user(request, told, messages.WARNING)

    def _do_one(
        self, request: HttpRequest, step: BulkStep, row: Row, values: dict[str, Any]
    ) -> str:
        """Apply the action to one resource unless it changed since the confirmation; return the error, or ""."""
        shown = request.POST.get(f"{SEEN}{row.resource.pk}", "")
        revision = int(shown[:9]) if shown.isdecimal() else row.resource.revision
        try:
            with transaction.atomic(), batch_index_updates():
                lock(row.resource)
                refuse_revision(row.resource, revision)
                again = self._row(request, step, row.resource, values)
                if not again.refusal:
                    row.outcome = step.do(request, row.resource, values) or ""
                    self.log_change(request, row.resource, f"{step.label}.")
        except ValidationError as refusal:
            return " ".join(refusal.messages)
        except (OperationalError, InterfaceError):
            raise  # the database as such does not work: the rest would fail one by one
        except (DatabaseError, OSError):  # the others are still done
            logger.exception("Bulk step %s failed for resource %d", step.name, row.resource.pk)
            return FAILED
        return again.refusal

    def _show(
        self,
        request: HttpRequest,
        step: BulkStep,
        form: forms.Form | None,
        resources: list[Resource],
        rows: list[Row],
    ) -> TemplateResponse:
        able = sum(not row.refusal for row in rows)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": step.label,
            "step": step,
            "form": form,
            "is_planned": bool(rows),
            "resources": resources,
            "rows": rows,
            "able": able,
            "refused": len(rows) - able,
            "checkbox": ACTION_CHECKBOX_NAME,
            "seen": SEEN,
            "media": self.media + form.media if form else self.media,
        }
        return TemplateResponse(request, "admin/resources/bulk.html", context)


def _resources(count: int) -> str:
    return "recurso" if count == 1 else "recursos"


def _action(step: BulkStep) -> Callable[..., HttpResponse | None]:
    def act(desk: BulkMixin, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return desk.bulk_page(request, step, queryset)

    return act
