"""What a visitor may not see is in no result, at no moment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from resources.files.takedown import take_down
from resources.models import Resource
from resources.workflow.schedule import apply_due
from tests.makers import (
    make_document,
    make_editor,
    make_file,
    make_video,
    pdf_bytes,
)
from tests.search.asking import found, search
from tests.transitions import restore, trash, withdraw

pytestmark = pytest.mark.django_db


def hide_draft(resource):
    resource.status = "draft"
    resource.save()


HIDINGS = {
    "draft": hide_draft,
    "withdrawn": lambda r: withdraw(r, "Ya no."),
    "trashed": trash,
    "scheduled": lambda r: Resource.objects.filter(pk=r.pk).update(
        published_at=timezone.now() + timedelta(days=1)
    ),
    "expired": lambda r: Resource.objects.filter(pk=r.pk).update(
        published_at=timezone.now() - timedelta(days=2),
        withdraw_at=timezone.now() - timedelta(days=1),
    ),
    "deleted": lambda r: r.delete(),
}


@pytest.mark.parametrize("hide", HIDINGS.values(), ids=HIDINGS)
def test_what_a_visitor_may_not_see_is_nowhere_in_search(client, guide, hide):
    neighbour = make_document(title="Guía vecina", tags=("datos abiertos",))
    asked = ("veeduría", "veeduria obra", '"presupuesto participativo"', "-volcán", "veedurya")
    for query in asked:
        assert guide.slug in found(client, query), query
    hide(guide.specific)
    for query in asked:
        assert guide.slug not in search(client, query), query
    for params in (
        {},
        {"tipo": "documento"},
        {"recurso": guide.slug},
        {"orden": "titulo"},
        {"etiqueta": "datos-abiertos"},
    ):
        assert f'href="/recursos/{guide.slug}/' not in search(client, **params)
    assert "Guía de prueba" not in client.get(neighbour.get_absolute_url()).text
    for typed in ("cualq", "guía de p", "datos abier"):
        told = client.get("/recursos/sugerencias", {"q": typed}).text.lower()
        assert not any(word in told for word in ("cualquiera", "prueba"))
    client.force_login(make_editor())
    assert found(client, "veeduría") == []


def test_the_clock_hides_and_shows_before_anything_is_settled(client, guide, freeze, monkeypatch):
    now = timezone.now()
    Resource.objects.filter(pk=guide.pk).update(
        published_at=now + timedelta(hours=1), withdraw_at=now + timedelta(hours=2)
    )
    monkeypatch.setattr("resources.current_site.apply_due", lambda instant: None)
    for hours, expected in ((0, []), (1.5, [guide.slug]), (2.5, [])):
        freeze(now + timedelta(hours=hours))
        assert found(client, "veeduría") == expected


def test_what_was_scheduled_is_suggested_from_its_instant_on(client, freeze):
    due = timezone.now() + timedelta(hours=1)
    make_document(title="Jacarandá", published_at=due)
    assert "jacarand" not in client.get("/recursos/sugerencias?q=jaca").text.lower()
    freeze(due + timedelta(seconds=1))
    apply_due(due + timedelta(seconds=1))
    assert "jacarand" in client.get("/recursos/sugerencias?q=jaca").text.lower()


def test_words_of_what_is_scheduled_are_no_corrections(client, guide, tmp_path):
    later = make_document(title="Decreto", published_at=timezone.now() + timedelta(hours=1))
    make_file(later, pdf_bytes("El despido de Quintanilla"), folder=tmp_path)
    make_video(
        title="Sesión",
        transcript="Zapallito",
        published_at=timezone.now() + timedelta(hours=1),
    )
    for typed in ("quintanila", "quinta nilla", "zapalito"):
        for query in (typed, f"{typed} presupuesto"):
            html = search(client, query).lower().replace(query.lower(), "")
            assert "quintanilla" not in html, query
            assert "zapallito" not in html, query
    assert "presupuesto" in search(client, "quintanila presupuezto")


def test_a_superseded_or_withheld_version_is_not_found(client, guide, tmp_path):
    slot = guide.files.get()
    version = make_file(guide, pdf_bytes("Humedal"), folder=tmp_path, slot=slot, note="Corrección")
    assert found(client, "veeduría") == []
    assert found(client, "humedal") == [guide.slug]
    take_down(version, reason="Datos personales", user=None)
    assert found(client, "humedal") == []
    assert found(client, '"guía de prueba"') == [guide.slug]


def test_what_is_restored_is_found_again(client, guide):
    trash(guide)
    restore(guide)
    assert found(client, "veeduría") == [guide.slug]
