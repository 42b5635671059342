"""The whole catalogue in one file: DCAT as JSON-LD and Turtle, a table as CSV and XLSX, written while they are sent."""

import tempfile
from collections.abc import Iterator

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.utils import timezone

from resources.catalog import dcat, table
from resources.catalog.describing import shelf_facts, site_facts, stream
from resources.catalog.facts import Facts
from resources.models import Resource, Section
from resources.views.doors import open_door

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PIECE = 32 * 1024  # characters
IN_MEMORY = 2_000_000  # bytes of a workbook before it goes to a file


class StreamedText(StreamingHttpResponse):
    """A text that is written while it is sent; unlike a file it may be compressed on the way."""

    is_compressible = True


def everything() -> Iterator[Facts]:
    """Return the published catalogue in the order of its pages."""
    return stream(Resource.objects.published().in_page_order())


def in_pieces(lines: Iterator[str], size: int = PIECE) -> Iterator[bytes]:
    """Join what is written into pieces worth sending."""
    kept, length = [], 0
    for line in lines:
        kept.append(line)
        length += len(line)
        if length >= size:
            yield "".join(kept).encode()
            kept, length = [], 0
    yield "".join(kept).encode()


@open_door
def as_json_ld(request: HttpRequest) -> StreamingHttpResponse:
    """Give the catalogue as DCAT 3 in JSON-LD."""
    return _rdf(request, dcat.json_ld, "application/ld+json")


@open_door
def as_turtle(request: HttpRequest) -> StreamingHttpResponse:
    """Give the catalogue as DCAT 3 in Turtle."""
    return _rdf(request, dcat.turtle, "text/turtle; charset=utf-8")


def _rdf(request: HttpRequest, write: dcat.Writer, media_type: str) -> StreamingHttpResponse:
    sections = [shelf_facts(section) for section in Section.objects.all()]
    lines = write(site_facts(request.portal), sections, everything())
    return StreamedText(in_pieces(lines), content_type=media_type)


@open_door
def as_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Give the catalogue as a table in CSV."""
    response = StreamedText(
        in_pieces(table.as_csv(everything())),
        content_type="text/csv; charset=utf-8; header=present",
    )
    response["Content-Disposition"] = 'attachment; filename="catalogo.csv"'
    return response


@open_door
def as_xlsx(request: HttpRequest) -> FileResponse:
    """Give the catalogue as a workbook."""
    site = site_facts(request.portal)
    book = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the response closes it
    table.write_xlsx(everything(), book, site.name, site.publisher, timezone.now())
    book.seek(0)
    return FileResponse(book, as_attachment=True, filename="catalogo.xlsx", content_type=XLSX)
