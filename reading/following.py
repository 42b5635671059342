"""What follows from the text of a reading: whether it is shown, its contents and articles, what the search finds."""

from dataclasses import asdict

from django.db.models import Q

from reading.articles import find_articles, is_law, store_articles
from reading.contents import headings_of
from reading.models import Reading, ReadingPage
from resources.models import FileVersion, PageText, SiteSettings
from search.index.writer import index_documents


def show(reading: Reading) -> None:
    """Let readers see the reading, or no longer: its links follow `FileVersion.is_readable`."""
    version = reading.version
    is_readable = not reading.is_hidden and (reading.words > 0 or _has_pictures(reading))
    if version.is_readable != is_readable:
        version.is_readable = is_readable
        version.save(update_fields=["is_readable"])  # raises content_version


def _has_pictures(reading: Reading) -> bool:
    """Return whether there is a picture of a page whose text cannot be trusted."""
    return reading.pages.exclude(picture="").exclude(doubt="").exists()


def follow_text(reading: Reading, page: ReadingPage) -> None:
    """Bring up to date what follows from the text of a page: contents, articles, the search, what readers see."""
    pages = [(row.number, row.shown) for row in reading.pages.all()]
    reading.words = sum(len(block.plain.split()) for _, blocks in pages for block in blocks)
    if any(entry["block"] >= 0 for entry in reading.contents) or not reading.contents:
        reading.contents = [asdict(entry) for entry in headings_of(pages)]
    if reading.articles_confirmed_on:
        stored = list(reading.articles.values_list("label", flat=True))
        if stored != [part.label for part in find_articles(pages)]:
            reading.articles_confirmed_on = reading.articles_confirmed_by = None
    reading.save()
    if is_law(reading):
        store_articles(reading)
    version = reading.version
    if version.pages:
        _store_search_text(version, page)
        index_documents([version.file.resource_id], afresh=True)
    show(reading)
    SiteSettings.content_changed()


def store_corrected_texts(version: FileVersion) -> None:
    """Let the search find again what people corrected or what was recognised, after the file was inspected anew."""
    changed = Q(corrected__isnull=False) | Q(confidence__gt=0)
    for page in ReadingPage.objects.filter(changed, reading__version=version):
        _store_search_text(version, page)


def _store_search_text(version: FileVersion, page: ReadingPage) -> None:
    """Let the search find what readers see of a current version; superseded ones are not searched."""
    if version.file.current_id != version.pk:
        return
    if text := page.plain:
        PageText.objects.update_or_create(
            version=version, page=page.number, defaults={"text": text}
        )
    else:
        PageText.objects.filter(version=version, page=page.number).delete()
