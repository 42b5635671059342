"""Convert values of model fields to cells of the editors' list, and back."""

import datetime as dt
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_duration

from resources.models import Resource
from resources.text import NO, YES, fold

_TRUE = {"si", "1", "yes", "true", "verdadero", "verdadeiro", "vrai", "wahr", "vero", "cert"}
_FALSE = {"no", "0", "", "false", "falso", "faux", "falsch", "fals"}
"""How spreadsheets of Spanish, English and their neighbours' languages write the two when they save a CSV."""
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})/(\d{1,2})/(\d{4})")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})|(\d{1,2})/(\d{4})")
_YEAR = re.compile(r"\d{4}")
Precision = Resource.Precision


def written(field: models.Field, value: Any) -> str:
    """Format a stored value as a cell."""
    if value is None or value == "":
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return str(value)


def read(field: models.Field, text: str) -> Any:
    """Parse a cell as a value of `field`. Raises ValidationError with advice in Spanish."""
    if field.choices:
        return _chosen(field, text)
    if isinstance(field, models.BooleanField):
        return _yes_or_no(text)
    if not text:
        return None if field.null else field.get_default() if field.has_default() else ""
    if isinstance(field, models.DateField):
        return read_day(text)
    if isinstance(field, models.DurationField):
        return _lasting(text)
    return text


def _chosen(field: models.Field, text: str) -> str:
    names = {fold(str(label)): value for value, label in field.flatchoices if value}
    names |= {fold(str(value)): value for value, _ in field.flatchoices if value}
    if not text:
        return field.get_default() if field.has_default() else ""
    if fold(text) not in names:
        known = ", ".join(str(label) for value, label in field.flatchoices if value)
        raise ValidationError(f"«{text}» no es una de las opciones: {known}.")
    return names[fold(text)]


def _yes_or_no(text: str) -> bool:
    answer = fold(text)
    if answer not in _TRUE | _FALSE:
        raise ValidationError(f"Escriba «{YES}» o «{NO}» en lugar de «{text}».")
    return answer in _TRUE


def read_day(text: str) -> dt.date:
    """Parse a day written as 2024-03-02 or 2/3/2024. Raises ValidationError."""
    match = _DAY.fullmatch(text)
    if match:
        a, b, c, day, month, year = match.groups()
        try:
            return dt.date(int(a or year), int(b or month), int(c or day))
        except ValueError:
            pass
    raise ValidationError(f"«{text}» no es una fecha: escríbala como 2024-03-02 o 2/3/2024.")


def _lasting(text: str) -> dt.timedelta:
    duration = parse_duration(text)
    if duration is None:
        raise ValidationError(f"«{text}» no es una duración: escríbala como 0:12:30.")
    return duration


def written_issue(resource: Resource) -> str:
    """Format the date of issue by its precision: 2024, 2024-03 or 2024-03-02."""
    if not resource.issued_on:
        return ""
    kept = {Precision.YEAR: 4, Precision.MONTH: 7}.get(Precision(resource.issued_on_precision), 10)
    return resource.issued_on.isoformat()[:kept]


def read_issue(text: str) -> tuple[dt.date | None, str]:
    """Parse a date of issue and its precision. Raises ValidationError."""
    if not text:
        return None, ""
    if _YEAR.fullmatch(text):
        return read_day(f"{text}-01-01"), Precision.YEAR
    if match := _MONTH.fullmatch(text):
        return read_day(f"{match[1] or match[4]}-{match[2] or match[3]}-01"), Precision.MONTH
    return read_day(text), Precision.DAY
