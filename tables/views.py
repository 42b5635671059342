"""The page of a table: the first rows of one sheet."""

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from resources.current_site import SiteRequest
from resources.http_caching import public_page
from resources.models import FileVersion, Resource, ResourceFile
from resources.views.access import gone, resource_view
from tables.column_types import column_types
from tables.models import TablePreview, TableSheet
from tables.reader import TABLE_TYPES

SHEET = "hoja"
"""The question of the address that chooses a sheet by its number, from 1."""


@public_page
@resource_view
def table(request: SiteRequest, resource: Resource, file_name: str) -> HttpResponseBase:
    """Show the first rows of the current version of a file; without them, why they are not there and the file."""
    slot = (
        ResourceFile.objects.filter(resource=resource, file_name=file_name)
        .select_related("current")
        .first()
    )
    if slot is None or slot.current is None or slot.current.media_type not in TABLE_TYPES:
        raise Http404("Este recurso no tiene una tabla con ese nombre.")
    slot.resource, version = resource, slot.current
    if version.is_withheld:
        return gone(request, slot.title, version.withheld_reason, version.withheld_on)
    context = {"resource": resource, "file": slot, "version": version}
    return _page(request, context | _content(version, request.GET.get(SHEET, "1")))


def _page(request: SiteRequest, context: dict[str, Any]) -> HttpResponse:
    return render(request, "tables/table.html", context)


def _content(version: FileVersion, asked: str) -> dict[str, Any]:
    """Return the sheet that is asked for and the names of all. Raises Http404 for one that is not there."""
    preview = TablePreview.objects.filter(version=version).first()
    if preview is None or preview.problem:
        if asked != "1":
            raise Http404("Esta tabla no tiene esa hoja.")
        return {"problem": preview.problem if preview else ""}
    sheets = list(preview.sheets.only("position", "name", "preview"))
    sheet = preview.sheets.filter(position=_number(asked)).first()
    if sheet is None:
        raise Http404("Esta tabla no tiene esa hoja.")
    return {"sheets": sheets, "sheet": sheet} | _cells(sheet)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 0


def _cells(sheet: TableSheet) -> dict[str, Any]:
    """Return the columns with their types, and each cell with whether it is a number."""
    types = column_types(sheet.rows, len(sheet.headings))
    numeric = [each.is_number for each in types]
    return {
        "headings": list(zip(sheet.headings, types, strict=True)),
        "rows": [list(zip(row, numeric, strict=True)) for row in sheet.rows],
    }
