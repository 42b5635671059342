"""What the tests of search share."""

import pytest

from tests.makers import make_document, make_file, pdf_bytes


@pytest.fixture
def guide(tmp_path):
    """A document of four pages."""
    guide = make_document(
        title="Guía de prueba", summary="Un resumen cualquiera.", tags=("datos abiertos",)
    )
    pages = (
        "Portada",
        "El presupuesto participativo se explica",
        "La veeduría vigila la obra",
        "Otra vez el presupuesto",
    )
    make_file(guide, pdf_bytes(*pages), folder=tmp_path)
    return guide
