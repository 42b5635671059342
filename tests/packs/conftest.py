"""A section with what is public and what is not, and the pack built of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from resources.files.packs import builder
from search.index.writer import batch_index_updates
from tests.makers import make_document, make_section, put_file

SECTION = "/secciones/guias/paquete.zip"


@pytest.fixture
@batch_index_updates()
def shelf():
    """A section with two published documents, a draft and a scheduled one; each has a file."""
    section = make_section(title="Guías")
    things = {
        "first": make_document(title="¿Qué es: gobierno abierto?", section=section, position=1),
        "second": make_document(title="Plan del año", section=section, position=2),
        "draft": make_document(title="Borrador", section=section, status="draft"),
        "later": make_document(
            title="Después", section=section, published_at=timezone.now() + timedelta(hours=2)
        ),
    }
    for name, resource in things.items():
        put_file(resource, f"%PDF-1.7 {name}".encode() * 500, is_sample=name == "second")
    table = "título;año\nuno;2024\n".encode()
    put_file(
        things["first"],
        table,
        "datos.csv",
        role="data",
        label="Datos",
        position=1,
        media_type="text/csv",
    )
    return things


@pytest.fixture
def built(shelf):
    """The same, with its packs built."""
    builder.refresh_packs.call()
    return shelf


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """Put the worker to sleep; return the list of what it is asked for."""
    waiting: list[str] = []
    monkeypatch.setattr(
        type(builder.refresh_packs), "enqueue", lambda self, *args: waiting.append(self.name)
    )
    return waiting
