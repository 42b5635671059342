"""The row that an address of the desk is about."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404
from django.shortcuts import get_object_or_404


def row_or_404(model: type[Model], object_id: str) -> Any:
    """Return the row of `model` that `object_id` names as the admin writes it; raise Http404, also for what is no number."""
    try:
        key = model._meta.pk.to_python(unquote(object_id))
    except ValidationError as wrong:
        raise Http404(f"No hay nada en «{object_id}».") from wrong
    return get_object_or_404(model, pk=key)
