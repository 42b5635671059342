"""The row that an address of the desk names."""

from typing import TypeVar

from django.contrib.admin.utils import unquote
from django.db.models import Model
from django.http import Http404
from django.shortcuts import get_object_or_404

Row = TypeVar("Row", bound=Model)


def named_row(model: type[Row], object_id: str) -> Row:
    """Return the row of `model` called `object_id`, as the admin writes keys in addresses.

    Raises Http404 where there is none, and where the words are no key at all.
    """
    try:
        return get_object_or_404(model, pk=unquote(object_id))
    except ValueError as error:
        raise Http404("Esa dirección no nombra nada de la mesa de edición.") from error
