"""Base classes of the catalogue's models: every visible write raises content_version."""

import datetime as dt
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.dispatch import Signal
from django.utils import timezone

from resources.text import composed, one_line

# Sent within the transaction of a bulk write: sender = the model, due = an instant or None, rows = the ids of those
# whose searched fields changed. See resources/receivers.py.
content_changed = Signal()


def compose_text(field: object, value: Any) -> Any:
    """Return `value` as stored: texts in NFC without invisible characters, anything else as it is."""
    if not isinstance(value, str):
        return value
    if isinstance(field, models.CharField):
        return one_line(value)
    return composed(value) if isinstance(field, models.TextField) else value


def compose_texts(instance: models.Model) -> None:
    """Normalise every text of `instance` to its stored form (see `compose_text`)."""
    loaded = instance.__dict__
    for field in instance._meta.concrete_fields:
        if isinstance(value := loaded.get(field.attname), str):
            loaded[field.attname] = compose_text(field, value)


class StaleRowError(ValidationError):
    """The stored row is newer than the one read: writing would undo another user's change."""


class ContentQuerySet(models.QuerySet[Any]):
    """A queryset whose bulk writes raise `content_version`, as `save()` and `delete()` do by signal."""

    def update(self, **values: Any) -> int:
        """Update the rows and raise the version in one transaction."""
        meta = self.model._meta
        values |= {
            name: compose_text(meta.get_field(name), text)
            for name, text in values.items()
            if isinstance(text, str)
        }
        with transaction.atomic(using=self.db):
            searched = (
                list(self.order_by().values_list("pk", flat=True))
                if self.model.SEARCHED & values.keys()
                else []
            )
            rows = super().update(**values)
            if rows:
                dated = self.model.DUE_FIELDS & values.keys()
                content_changed.send(
                    sender=self.model, due=timezone.now() if dated else None, rows=searched
                )
        return rows

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list:
        """Create the rows and raise the version in one transaction."""
        objs, now = list(objs), timezone.now()
        for obj in objs:
            compose_texts(obj)
        with transaction.atomic(using=self.db):
            created = super().bulk_create(objs, *args, **kwargs)
            dues = [due for obj in objs if (due := obj.next_due(now))]
            rows = [obj.pk for obj in created] if self.model.SEARCHED else []
            content_changed.send(sender=self.model, due=min(dues, default=None), rows=rows)
        return created


class InternalModel(models.Model):
    """A row that no visitor sees, except in an order of lists: writing it does not raise `content_version`."""

    class Meta:
        abstract = True


class PublicModel(models.Model):
    """A row that visitors see. Saving or deleting it and raising `content_version` are one transaction."""

    DUE_FIELDS: frozenset[str] = (
        frozenset()
    )  # fields that hold an instant or day at which something falls due
    SEARCHED: frozenset[str] = (
        frozenset()
    )  # fields that the search index reads (resources/search_source.py)

    objects = ContentQuerySet.as_manager()

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Normalise the texts first, so that names are compared as stored."""
        compose_texts(self)
        super().clean_fields(exclude)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save within one transaction with what follows from it (resources/receivers.py)."""
        with transaction.atomic(using=kwargs.get("using")):
            super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete within one transaction with what follows from it (resources/receivers.py)."""
        with transaction.atomic(using=kwargs.get("using")):
            return super().delete(*args, **kwargs)

    def is_shown(self) -> bool:
        """Return whether a visitor could see this row before or after the current write; True where uncertain."""
        return True

    def next_due(self, now: datetime) -> datetime | None:
        """Return the first instant after `now` at which time alone changes this row, or None."""
        return None


def start_of(day: dt.date | None) -> dt.datetime | None:
    """Return the first instant of `day` in the site's time zone."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min)) if day else None


def day_after(day: dt.date | None) -> dt.datetime | None:
    """Return the first instant after `day` in the site's time zone; None after the last day of the calendar."""
    # 31 December 9999 is how other systems write "without end".
    return start_of(day + dt.timedelta(days=1)) if day and day < dt.date.max else None
