"""A small catalogue with one of everything that the formats tell apart, and of everything that none may tell."""

from copy import deepcopy
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from resources.kinds.legislation.models import LegalRelation
from resources.models import Organization, Resource, Section, SiteSettings, Tag
from search.index.writer import batch_index_updates
from tests.makers import (
    make_document,
    make_infographic,
    make_law,
    make_section,
    make_video,
    put_file,
)

HIDDEN = "Oculto"
CHECKED = {
    "evidence_note": "Registro Oficial.",
    "evidence_url": "https://example.org/ley?a=1&b={x}",
    "verified_on": date(2026, 1, 2),
    "review_by": date(2099, 1, 1),  # or it would lapse after a year
}


@pytest.fixture(scope="module")
def made_once(made_for_module) -> SimpleNamespace:
    """Make it for all the tests of a module."""
    return one_of_everything()


@pytest.fixture
def things(made_once, module_files) -> SimpleNamespace:
    """Return the small catalogue, for this test to change as it likes."""
    return deepcopy(made_once)


@pytest.fixture
def nothing(db) -> None:
    """Have an empty catalogue."""
    Resource.objects.all().delete()
    for model in (Section, Organization, Tag):
        model.objects.all().delete()


@batch_index_updates()
def one_of_everything() -> SimpleNamespace:
    """Make it: published an hour ago, the files a little before."""
    now = timezone.now()
    before = now - timedelta(hours=2)
    shown = {"published_at": now - timedelta(hours=1)}
    SiteSettings.objects.update_or_create(
        pk=1,
        defaults={
            "name": "Recursos del cantón",
            "owner": "Municipio de Ñuble",
            "contact": "datos@example.org",
            "licence": "CC BY 4.0",
            "introduction": "Todo lo que publica el municipio.",
        },
    )
    gallery = make_section(title="Láminas", position=1, layout="gallery")
    shelf = make_section(title="Guías y leyes", position=2)
    assembly = Organization.objects.create(name="Asamblea Nacional", acronym="AN")
    infographic = make_infographic(
        title="Los pilares", section=gallery, tags=("datos", "Gobierno & más"), **shown
    )
    put_file(
        infographic,
        b"PNG",
        "lamina.png",
        media_type="image/png",
        is_sample=True,
        created=before,
    )
    document = make_document(
        title="Guía de datos abiertos: 100 % & más {a}",
        summary='=SUMA(1) no es una fórmula.\n\nSegundo párrafo con «comillas» y "otras".',
        section=shelf,
        tags=("datos",),
        document_type="guide",
        edition="Segunda edición",
        issuer=assembly,
        issued_on=date(2022, 5, 1),
        issued_on_precision="month",
        licence="Creative Commons Atribución-CompartirIgual 4.0",
        source_url="https://example.org/guía {final}",
        **shown,
    )
    guide = put_file(document, b"%PDF  Uno Dos ", "guia.pdf", created=before)
    type(guide).objects.filter(pk=guide.pk).update(pages=2)
    put_file(document, b"a,b\n", "datos.csv", media_type="text/csv", role="data", created=before)
    law = make_law(
        title="Ley de transparencia",
        section=shelf,
        tags=("datos",),
        instrument_type="organic_law",
        gazette="Registro Oficial Suplemento 337",
        gazette_date=date(2004, 5, 18),
        issuer=assembly,
        in_force_on=date(2004, 6, 1),
        **CHECKED,
        **shown,
    )
    put_file(law, b"%PDF  Art 1 ", "ley.pdf", created=before)
    put_file(law, b"%PDF  Muestra ", "muestra.pdf", is_sample=True, created=before)
    unchecked = make_law(
        title="Acuerdo Ministerial No. 7",
        section=shelf,
        instrument_type="ministerial_agreement",
        number="MIES-2020-7",
        **shown,
    )
    put_file(unchecked, b"%PDF  Muestra ", "acuerdo.pdf", is_sample=True, created=before)
    LegalRelation.objects.create(source=law, verb="repeals", target_citation="Ley anterior")
    LegalRelation.objects.create(source=law, verb="amends", target=unchecked)
    video = make_video(
        title="Voces",
        section=gallery,
        link_pending=False,
        url="https://video.example/v?id=1",
        **shown,
    )
    pending = make_video(title="Por enlazar", section=gallery, **shown)
    hidden = [
        make_document(title=f"{HIDDEN} borrador", section=shelf, status="draft", tags=("oculta",)),
        make_document(title=f"{HIDDEN} retirado", section=shelf, status="withdrawn"),
        make_document(title=f"{HIDDEN} en la papelera", section=shelf, deleted_at=now, **shown),
        make_document(
            title=f"{HIDDEN} programado", section=shelf, published_at=now + timedelta(days=1)
        ),
    ]
    for resource in hidden:
        put_file(resource, b"%PDF HIDDEN", "oculto.pdf", created=before)
    return SimpleNamespace(
        infographic=infographic,
        document=document,
        law=law,
        unchecked=unchecked,
        video=video,
        pending=pending,
        hidden=hidden,
        shown=[infographic, document, law, unchecked, video, pending],
        gallery=gallery,
        shelf=shelf,
    )


def body(answer) -> str:
    """Return the text of a streamed or a plain answer."""
    return answer.getvalue().decode()
