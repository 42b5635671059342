"""What people do to a reading: correct the text of a page, hide it, confirm the articles of a law."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from inspection.blocks import from_json, to_json
from reading import markup
from reading.articles import store_articles
from reading.following import follow_text, show
from reading.models import PageCorrection, Reading, ReadingPage
from resources.models import SiteSettings

CHANGED_MEANWHILE = (
    "Otra persona corrigió esta página mientras usted escribía. Su texto sigue aquí, sin guardar: compárelo con el de ella, "
    "que está debajo, y guarde de nuevo."
)
LONGEST = 200_000
"""Characters of a page."""


@transaction.atomic
def correct_page(page: ReadingPage, text: str, *, user: Any, seen: int) -> bool:
    """Replace what readers see of a page by `text` (see markup.py); return whether that changed anything.

    An empty text goes back to what was recognised. `seen` is the key of the last correction that the user saw, or 0. Raises
    ValidationError where another one came after it.
    """
    reading = Reading.objects.select_for_update().get(pk=page.reading_id)
    page = ReadingPage.objects.get(pk=page.pk)
    last = page.corrections.first()
    if (last.pk if last else 0) != seen:
        raise ValidationError(CHANGED_MEANWHILE, code="conflict")
    if len(text) > LONGEST:
        raise ValidationError("El texto de una página no puede pasar de 200.000 caracteres.")
    blocks = markup.read(text)
    if blocks == page.shown or (not blocks and page.corrected is None):
        return False
    is_recognised = not blocks or blocks == from_json(page.blocks)
    page.corrected = None if is_recognised else to_json(blocks)
    page.save(update_fields=["corrected"])
    kept = "" if is_recognised else text
    PageCorrection.objects.create(page=page, text=kept, made_by=user)
    follow_text(reading, page)
    return True


@transaction.atomic
def set_hidden(reading: Reading, hidden: bool, *, user: Any) -> None:
    """Hide a reading that came out badly, or show it again; its address answers 404 meanwhile, the file stays."""
    reading = Reading.objects.select_for_update().get(pk=reading.pk)
    reading.hidden_on = timezone.now() if hidden else None
    reading.hidden_by = user if hidden else None
    reading.save(update_fields=["hidden_on", "hidden_by"])
    show(reading)


@transaction.atomic
def confirm_articles(reading: Reading, confirmed: bool, *, user: Any) -> None:
    """Publish the articles that the text has now, or take them back. Raises ValidationError where there are none."""
    reading = Reading.objects.select_for_update().get(pk=reading.pk)
    if confirmed:
        store_articles(reading)
        if not reading.articles.exists():
            raise ValidationError(
                "No se encontraron artículos en este texto: no hay nada que confirmar."
            )
    reading.articles_confirmed_on = timezone.now() if confirmed else None
    reading.articles_confirmed_by = user if confirmed else None
    reading.save(update_fields=["articles_confirmed_on", "articles_confirmed_by"])
    SiteSettings.content_changed()
