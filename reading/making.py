"""Make the reading view of a version in the background: its text first, then pictures of its pages."""

import logging
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django_tasks import task

from inspection import DocumentText, FileRefused, draw_pages, read_document, recognise_page
from inspection.blocks import to_json
from inspection.reading_types import DOCUMENT_TYPES
from inspection.recognition_program import missing_program
from reading.articles import propose_articles
from reading.contents import contents_of, levelled, parts_of
from reading.following import follow_text, show
from reading.models import Reading, ReadingPage
from resources.files.ingest import local_copy, slots_dir
from resources.lost_tasks import when_lost
from resources.models import FileVersion

logger = logging.getLogger(__name__)

READER = 1
"""Raise it when a better reader should make all readings anew."""
DRAWN_AT_ONCE = 10
MOST_DRAWN = 1_000
"""Pages of one document that are drawn."""
PDF = "application/pdf"
UNREAD = "No se pudo leer el texto de este archivo."


@when_lost("No se terminó de preparar el texto de un documento", repeats=True)
@task(priority=-10)
def make_reading(version_id: int) -> None:
    """Read one version and have its pages drawn; nothing where it is gone, withheld or no document."""
    version = readable_versions().filter(pk=version_id).first()
    if version:
        _make_and_go_on(version)


@when_lost("No se terminaron de preparar los textos de los documentos", repeats=True)
@task(priority=-20)
def make_missing_readings(after: int = 0) -> None:
    """Read the next version that this reader has not read, then ask for the one after it."""
    version = unread_versions().filter(pk__gt=after).first()
    if version:
        _make_and_go_on(version)
        make_missing_readings.enqueue(version.pk)


@when_lost("No se terminaron de dibujar las páginas de un documento", repeats=True)
@task(priority=-20)
def draw_reading(version_id: int) -> None:
    """Draw the next few pages that have no picture, then ask for those after them."""
    pages = ReadingPage.objects.filter(
        reading__version=version_id, reading__version__withheld_on=None, picture=""
    )
    some = list(pages.filter(number__lte=MOST_DRAWN, picture_width=None)[:DRAWN_AT_ONCE])
    if some and _draw(some):
        draw_reading.enqueue(version_id)


@when_lost("No se terminó de reconocer el texto de un documento escaneado", repeats=True)
@task(priority=-30)
def recognise_reading(version_id: int) -> None:
    """Recognise the next page that is a picture, then ask for the one after it; nothing where Tesseract is missing."""
    waiting = pages_to_recognise().filter(reading__version=version_id)
    page = waiting.select_related("reading__version__file").first()
    if page and not missing_program() and _recognise(page):
        recognise_reading.enqueue(version_id)


def pages_to_recognise() -> QuerySet[ReadingPage]:
    """Return the pages that are pictures and whose text nobody has looked for."""
    return ReadingPage.objects.filter(
        doubt=ReadingPage.Doubt.SCAN, confidence=None, reading__version__withheld_on=None
    )


def readable_versions() -> QuerySet[FileVersion]:
    """Return the versions that can be read as a page, superseded ones included, with their file and resource."""
    versions = FileVersion.objects.filter(media_type__in=DOCUMENT_TYPES, withheld_on=None)
    return versions.select_related("file__resource").order_by("pk")


def unread_versions() -> QuerySet[FileVersion]:
    """Return the readable versions that this reader has not read."""
    done = Reading.objects.filter(version=OuterRef("pk"), reader=READER)
    return readable_versions().filter(~Exists(done))


def _make_and_go_on(version: FileVersion) -> None:
    """Read `version`, and ask for the pictures of its pages and the text of those that are scanned."""
    if make(version) and version.media_type == PDF:
        draw_reading.enqueue(version.pk)
        if pages_to_recognise().filter(reading__version=version).exists():
            recognise_reading.enqueue(version.pk)


def make(version: FileVersion) -> bool:
    """Read `version` and store its text; return whether it has pages. What people corrected or confirmed stays."""
    try:
        with local_copy(version) as path:
            document = read_document(path, slots_dir=slots_dir())
        problem = ""
    except (FileRefused, OSError) as refused:
        logger.warning("Version %s was not read: %s", version.pk, refused)
        document, problem = DocumentText(), getattr(refused, "message", UNREAD)
    with transaction.atomic():
        locked = FileVersion.objects.select_for_update().get(pk=version.pk)
        if locked.is_withheld:
            return False
        reading = _store(locked, document, problem)
        propose_articles(reading)
        show(reading)
    return bool(document.pages)


def _store(version: FileVersion, document: DocumentText, problem: str) -> Reading:
    pages = levelled(document.pages)
    document = DocumentText(tuple(pages), document.bookmarks)
    reading, _ = Reading.objects.update_or_create(
        version=version,
        defaults={
            "reader": READER,
            "problem": problem,
            "words": sum(len(block.plain.split()) for page in pages for block in page.blocks),
            "contents": [asdict(entry) for entry in contents_of(document)],
        },
    )
    kept = {page.number: page for page in reading.pages.all()}
    for number, (page, part) in enumerate(zip(pages, parts_of(pages), strict=True), 1):
        row = kept.pop(number, None) or ReadingPage(reading=reading, number=number)
        if row.confidence is None or page.doubt != row.doubt:  # what was recognised stays
            row.blocks, row.confidence = to_json(page.blocks), None
        row.part, row.doubt = part, page.doubt
        row.save()
    for row in kept.values():
        row.delete()
    return reading


def _draw(pages: list[ReadingPage]) -> bool:
    """Draw these pages of one version; return whether others may follow."""
    version = pages[0].reading.version
    with tempfile.TemporaryDirectory(prefix="paginas-") as folder:
        try:
            with local_copy(version) as path:
                drawn = draw_pages(
                    path, [page.number for page in pages], Path(folder), slots_dir=slots_dir()
                )
        except (FileRefused, OSError) as refused:
            logger.warning("Pages of version %s were not drawn: %s", version.pk, refused)
            return False
        for page in pages:
            page.picture_width, page.picture_height = drawn.get(page.number, (0, 0))
            if page.number in drawn:
                with (Path(folder) / f"{page.number}.webp").open("rb") as stream:
                    page.picture.save(f"pagina-{page.number}.webp", File(stream), save=False)
        _keep(version, pages)
    return True


def _keep(version: FileVersion, pages: list[ReadingPage]) -> None:
    """Store the drawn pages, unless the version was withheld meanwhile: then their pictures are erased."""
    with transaction.atomic():
        locked = FileVersion.objects.select_for_update().filter(pk=version.pk, withheld_on=None)
        known = set(
            ReadingPage.objects.filter(pk__in=[page.pk for page in pages]).values_list(
                "pk", flat=True
            )
        )
        is_kept = locked.exists()
        for page in pages:
            if is_kept and page.pk in known:
                page.save(update_fields=["picture", "picture_width", "picture_height"])
            elif page.picture:
                page.picture.storage.delete(page.picture.name or "")
        if is_kept and known:
            show(pages[0].reading)


def _recognise(page: ReadingPage) -> bool:
    """Store the text recognised in the picture of a page; return whether others may follow."""
    version = page.reading.version
    try:
        with local_copy(version) as path:
            found = recognise_page(path, page.number, slots_dir=slots_dir())
    except (FileRefused, OSError) as refused:
        logger.warning("Page %s of version %s: %s", page.number, version.pk, refused)
        return False
    with transaction.atomic():
        locked = FileVersion.objects.select_for_update().filter(pk=version.pk, withheld_on=None)
        if not locked.exists() or not ReadingPage.objects.filter(pk=page.pk).exists():
            return False
        page.blocks, page.confidence = to_json(found.blocks), found.confidence
        page.save(update_fields=["blocks", "confidence"])
        follow_text(Reading.objects.get(pk=page.reading_id), page)
    return True


def pictures_of(using: str) -> Iterator[str]:
    """Yield the names of the stored pictures of all pages in the database at the alias `using`."""
    pages = ReadingPage.objects.using(using).exclude(picture="")
    yield from pages.values_list("picture", flat=True).iterator()
