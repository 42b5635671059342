"""What resources lack: one list for the form, the lists and the desk's home, in order of harm."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from resources.models import FileVersion, Link, Resource
from resources.quality.issues import (
    issue_flags,
    issue_summary,
    issues_of,
    rules,
    rules_of,
    with_issues,
)
from resources.quality.snapshot import count_quality_issues
from resources.workflow.requirements import publication_blockers
from tests.admin.desk import form_url, sign_in
from tests.makers import (
    make_document,
    make_infographic,
    make_law,
    make_section,
    make_video,
    put_file,
)

pytestmark = pytest.mark.django_db
KINDS = [make_document, make_infographic, make_law, make_video]


def with_file(**facts):
    """A document with a PDF of these facts."""
    document = make_document()
    version = put_file(document)
    FileVersion.objects.filter(pk=version.pk).update(
        **{"text_status": "ok", "tagged": True, "language": "es"} | facts
    )
    return document


def twin():
    put_file(make_document(), b"%PDF-1.7 igual")
    document = make_document()
    put_file(document, b"%PDF-1.7 igual")
    return document


def linked():
    Link.objects.create(url="https://example.org/rota", failures=2, failed_on="2026-11-02")
    return make_document(source_url="https://example.org/rota")


def captioned(role: str = "captions"):
    video = make_video()
    put_file(video, b"WEBVTT", "voz.vtt", role=role, media_type="text/vtt")
    return video


def two_mains():
    document = make_document()
    for name in ("uno.pdf", "dos.pdf"):
        put_file(document, f"%PDF-1.7 {name}".encode(), name)
    return document


LACKING = {
    "alternativa": lambda: make_infographic(text_alternative=""),
    "archivo": make_document,
    "texto": lambda: with_file(text_status="empty"),
    "etiquetado": lambda: with_file(tagged=False),
    "idioma": lambda: with_file(language=""),
    "descripcion": lambda: make_document(summary=""),
    "repite": lambda: make_document(title="Guía de datos abiertos", summary="guía de datos"),
    "vencida": lambda: make_document(review_by=timezone.localdate() - dt.timedelta(days=1)),
    "revision": make_document,
    "pesado": lambda: with_file(size=10_000_001),
    "titulo": lambda: make_document(title="INF_2023-final.pdf"),
    "transcripcion": make_video,
    "subtitulos": lambda: captioned("main"),
    "principales": two_mains,
    "evidencia": make_law,
    "vigencia": lambda: make_law(evidence_note="Registro Oficial 1."),
    "enlace": linked,
    "repetido": twin,
    "fecha": make_document,
    "entidad": make_document,
}
WHOLE = {
    "alternativa": make_infographic,
    "archivo": lambda: make_document(source_url="https://example.org/"),
    "texto": with_file,
    "etiquetado": with_file,
    "idioma": with_file,
    "descripcion": lambda: make_infographic(summary=""),
    "repite": lambda: make_document(
        title="Guía", summary="Guía para publicar los datos que un municipio tiene."
    ),
    "vencida": lambda: make_document(review_by=timezone.localdate()),
    "revision": lambda: make_document(review_by=timezone.localdate()),
    "pesado": lambda: with_file(size=10_000_000),
    "titulo": lambda: make_document(title="Plan 2030"),
    "transcripcion": captioned,
    "subtitulos": captioned,
    "principales": with_file,
    "evidencia": lambda: make_law(evidence_url="https://example.org/ley"),
    "vigencia": lambda: make_law(evidence_note="R. O. 1.", verified_on=timezone.localdate()),
    "enlace": lambda: make_document(source_url="https://example.org/otra"),
    "repetido": with_file,
    "fecha": make_infographic,
    "entidad": make_infographic,
}


def lacks(resource) -> list[str]:
    return [
        check.slug
        for check in issue_flags(with_issues(Resource.objects.filter(pk=resource.pk)).get())
    ]


def test_every_check_is_tried_both_ways():
    assert LACKING.keys() == WHOLE.keys() == {check.slug for check in rules()}


@pytest.mark.parametrize("slug", LACKING)
def test_the_list_tells_and_finds_what_is_missing(client, slug):
    resource = LACKING[slug]()
    assert slug in lacks(resource)
    assert slug not in lacks(WHOLE[slug]())
    sign_in(client)
    page = client.get(reverse("admin:resources_resource_changelist"), {"falta": slug})
    assert resource.pk in {row.pk for row in page.context["cl"].result_list}


@pytest.mark.parametrize("slug", ["descripcion", "evidencia", "texto"])
def test_each_gap_in_a_list_leads_to_where_it_is_mended(client, slug):
    resource = LACKING[slug]()
    check = next(check for check in rules() if check.slug == slug)
    sign_in(client)
    page = client.get(reverse("admin:resources_resource_changelist"), {"falta": slug}).text
    assert f'href="{form_url(resource)}#{check.anchor}"' in page
    assert f'id="{check.anchor}"' in client.get(form_url(resource)).text


def test_every_anchor_stands_in_the_form_of_every_kind_that_it_is_for(client):
    sign_in(client)
    for make in KINDS:
        resource = make(status="draft")
        page = client.get(form_url(resource)).text
        for check in rules_of(resource.kind):
            assert f'id="{check.anchor}"' in page, (resource.kind, check.slug)


# --- The form ------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", KINDS)
def test_what_stops_publication_comes_first_and_is_the_workflow_s_own_rule(make):
    draft = make(status="draft", summary="", link_pending=False)
    found = issues_of(draft)
    stopping = [finding for finding in found if finding.stops]
    assert stopping == found[: len(stopping)]
    assert {finding.anchor for finding in stopping} <= {
        f"id_{field}" for field in publication_blockers(draft)
    }
    assert bool(stopping) == bool(publication_blockers(draft))


def test_a_statement_that_the_link_is_pending_is_advice_no_obstacle():
    found = issues_of(make_document(status="draft", link_pending=True))
    archive = next(finding for finding in found if finding.anchor == "id_link_pending")
    assert not archive.stops


@pytest.mark.parametrize("kind", ["infographic", "document", "legalinstrument", "video"])
def test_an_empty_form_tells_what_it_takes_to_be_published(client, kind):
    sign_in(client)
    make_section()
    page = client.get(reverse(f"admin:resources_{kind}_add"))
    assert all(finding.stops for finding in page.context["findings"])
    assert "Escriba el título." in page.text
    assert "Impide publicar" in page.text


def test_who_may_only_read_is_told_nothing_to_mend(client):
    sign_in(client, "Edición")
    page = client.get(form_url(make_document(summary="")))
    assert 'class="desk-aside"' not in page.text


# --- The home ------------------------------------------------------------------------------------


def home(client):
    cache.clear()
    return client.get(reverse("admin:index"))


def test_the_home_counts_what_public_resources_lack_and_leads_to_the_mend(client):
    sign_in(client)
    first, last = make_document(summary="", title="La primera"), make_document(summary="")
    make_document(summary="", status="draft")
    make_document(summary="", deleted_at=timezone.now())
    need = next(n for n in home(client).context["care"].issues if n.check.slug == "descripcion")
    assert need.count == 2
    assert {example.resource.pk for example in need.examples} == {first.pk, last.pk}
    page = home(client).text
    assert f'href="{form_url(first)}#id_summary"' in page
    listed = client.get(
        f"{reverse('admin:resources_resource_changelist')}?estado=publicado&falta=descripcion"
    )
    assert listed.context["cl"].result_count == 2


def test_needs_stand_in_order_of_harm():
    for make in LACKING.values():
        make()
    order = [check.slug for check in rules()]
    found = [need.check.slug for need in issue_summary()]
    assert found == [slug for slug in order if slug in found]
    assert found[0] == "alternativa"
    assert set(found) == set(order)


def test_the_queries_of_the_home_do_not_grow_with_the_catalogue(client):
    sign_in(client)

    def count() -> int:
        home(client)
        with CaptureQueriesContext(connection) as queries:
            assert home(client).status_code == 200
        return len(queries)

    def fill():
        section = make_section()
        for make in KINDS:
            for status in ("draft", "review", "published"):
                make(status=status, section=section)

    fill()
    few = count()
    fill()
    fill()
    # session, person, portal, permissions (2), lines (2), tickets, lost tasks, links (3), needs (3), recent actions, backups (2)
    assert count() == few <= 20


def test_the_home_tells_what_waits_with_the_way_there(client):
    sign_in(client)
    drafts = [make_document(status="draft") for _ in range(6)]
    review = make_document(status="review")
    make_document(published_at=timezone.now() + dt.timedelta(days=1))
    page = home(client)
    lines = {line.words: line for line in page.context["waiting"]}
    assert {words: line.number for words, line in lines.items()} == {
        "Solicitudes y reportes por responder": 0,
        "Por revisar": 1,
        "Borradores": 6,
        "Programados": 1,
    }
    assert lines["Borradores"].rows[0] == (drafts[-1].title, form_url(drafts[-1]))
    assert len(lines["Borradores"].rows) == 4
    assert f'href="{form_url(review)}"' in page.text


def test_who_prepares_sees_drafts_first_and_who_publishes_what_is_to_be_reviewed(client):
    sign_in(client, "Edición")
    assert home(client).context["waiting"][0].words == "Borradores"
    sign_in(client, "Publicación")
    assert home(client).context["waiting"][0].words == "Por revisar"


def test_a_person_without_a_group_is_told_nothing(client):
    person = sign_in(client, "")
    person.is_superuser = False
    person.save()
    make_document(status="draft", title="Reservado")
    page = home(client)
    assert page.context["waiting"] == []
    assert page.context["care"] is None
    assert "Reservado" not in page.text


@pytest.fixture
def large(monkeypatch) -> list:
    """Let the catalogue count as a large one; return the tasks that are asked for, which nobody does."""
    asked = []
    monkeypatch.setattr("resources.quality.snapshot.COUNTED_AT_ONCE", 0)
    task = SimpleNamespace(enqueue=lambda: asked.append("count"))
    monkeypatch.setattr("resources.quality.snapshot.count_quality_issues", task)
    return asked


def test_the_issues_of_a_large_catalogue_are_counted_by_the_worker(client, large):
    sign_in(client)
    document = make_document(title="Guía", summary="")
    assert "Se está contando: vuelva" in client.get("/admin/").text
    assert client.get("/admin/").status_code == 200
    assert large == ["count"], "one is waited for already"
    count_quality_issues.call()
    html = client.get("/admin/").text
    assert "sin descripción" in html
    assert "Se está contando" not in html
    document.summary = "Para quienes cuidan el agua."
    document.save()
    html = client.get("/admin/").text
    assert "sin descripción" in html
    assert "Se está contando de nuevo" in html
    assert large == ["count", "count"]
    count_quality_issues.call()
    assert "sin descripción" not in client.get("/admin/").text
    document.delete()
    assert client.get("/admin/").status_code == 200
