"""The filters of the lists of resources. Their values stand in addresses and are Spanish."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from resources.kinds.legislation.models import SPEC as LEGISLATION
from resources.kinds.legislation.models import review_due_by
from resources.models import Resource
from resources.quality.issues import rules_of, with_issues

Status = Resource.Status


class StateFilter(admin.SimpleListFilter):
    """Filter by state, with scheduled resources apart from published ones."""

    title = "estado"
    parameter_name = "estado"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the five states."""
        return [
            ("borrador", "Borrador"),
            ("en-revision", "En revisión"),
            ("programado", "Programado"),
            ("publicado", "Publicado"),
            ("retirado", "Retirado"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        """Filter by the chosen state."""
        now = timezone.now()
        conditions = {
            "borrador": Q(status=Status.DRAFT),
            "en-revision": Q(status=Status.REVIEW),
            "programado": Q(status=Status.PUBLISHED, published_at__gt=now),
            "publicado": Q(status=Status.PUBLISHED, published_at__lte=now),
            "retirado": Q(status=Status.WITHDRAWN),
        }
        condition = conditions.get(self.value() or "")
        return queryset.filter(condition) if condition else None


class MissingFilter(admin.SimpleListFilter):
    """Filter by quality issue, in any state."""

    title = "qué le falta"
    parameter_name = "falta"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the checks that make sense for this list."""
        kind = "" if model_admin.model is Resource else model_admin.opts.model_name
        return [(check.slug, check.words[:1].upper() + check.words[1:]) for check in rules_of(kind)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        """Filter by the chosen issue."""
        chosen = next((check for check in rules_of("") if check.slug == self.value()), None)
        return with_issues(queryset).filter(**{chosen.flag: True}) if chosen else None


class ReviewFilter(admin.SimpleListFilter):
    """Filter by review date: overdue or due soon."""

    title = "revisión"
    parameter_name = "revision"
    soon = dt.timedelta(days=30)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the three answers."""
        return [
            ("vencida", "Fecha vencida"),
            ("pronto", "Vence en 30 días"),
            ("sin-fecha", "Sin fecha"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        """Filter by the chosen answer."""
        today = timezone.localdate()
        conditions = {
            "vencida": review_due_by(today - dt.timedelta(days=1)),
            "pronto": review_due_by(today + self.soon, since=today),
            "sin-fecha": Q(review_by=None) & ~Q(kind=LEGISLATION.name, verified_on__isnull=False),
        }
        condition = conditions.get(self.value() or "")
        return queryset.filter(condition) if condition else None


class TrashFilter(admin.SimpleListFilter):
    """Show the trash only on request."""

    title = "papelera"
    parameter_name = "papelera"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the one choice beside the default."""
        return [("si", "En la papelera")]

    def choices(self, changelist: ChangeList) -> Any:
        """Label the default choice."""
        first, *others = super().choices(changelist)
        yield first | {"display": "En el catálogo"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Filter by being in the trash."""
        return queryset.filter(deleted_at__isnull=self.value() != "si")
